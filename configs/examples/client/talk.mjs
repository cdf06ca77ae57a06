// Puts a file on air, tells each time that somebody comes or goes, and ends with the broadcast: node talk.mjs /srv/media/talk.mp4 lobby
import { connect, MiroliveError } from 'mirolive';

const [path = '', room = 'lobby'] = process.argv.slice(2);
try {
  const desk = await connect();
  let id = null;
  for await (const event of desk.events({ room })) {
    if (event.type === 'events.open') {
      // From here on nothing is missed.
      const started = await desk.call('startBroadcast', { room, source: { kind: 'file', path } });
      id = started.id;
      console.log(`on air: ${started.watchUrl}`);
    }
    if (event.type === 'viewer.joined' || event.type === 'viewer.left') {
      const viewers = await desk.call('listViewers', { room });
      console.log(`${viewers.length} watch`);
    }
    if (event.type === 'broadcast.ended' && event.broadcast === id) {
      console.log(`over: ${event.reason}`);
      break;
    }
  }
} catch (error) {
  if (!(error instanceof MiroliveError)) throw error;
  console.error(`${error.code}: ${error.message}\n${error.hint}`);
  process.exitCode = 1;
}
