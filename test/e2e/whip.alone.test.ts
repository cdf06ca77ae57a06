import { expect, test } from 'vitest';
import { createClient } from '../../src/cli/client.ts';
import { eventually, openRoom, received } from '../helpers/browser.ts';
import { daemonAndBrowser } from '../helpers/daemon-and-browser.ts';
import { type Publisher, pagePublisher } from '../helpers/publisher.ts';
import { frozenMs } from '../helpers/shown-frames.ts';
import { WatchedRoom } from '../helpers/watched-room.ts';

/** Widths of the larger layer of what is published, and of the slate. */
const film = 640;
const slate = 1280;

const here = daemonAndBrowser();

test('A page publishes two layers by WHIP: whoever joins sees it soon, and its loss and its return leave viewers their tracks', async () => {
  await using closing = new AsyncDisposableStack();
  const room = 'lobby';
  const { addresses, secret } = await createClient(here.server.socket).call('createKey', {
    room,
    expiresMs: null,
  });
  const picture = { codec: 'H264', layers: [2, 1], width: film, height: 360 } as const;
  const publishers: Publisher[] = [];
  const publish = async () => {
    publishers.push(closing.use(await pagePublisher({ url: addresses.whip, secret, ...picture })));
  };
  await using watched = await WatchedRoom.open(here, room, publish);
  expect(watched.broadcast.layers).toBe(2);
  expect(watched.broadcast.plan).toMatchObject({ video: { action: 'copy' }, audio: { action: 'copy' } });
  await watched.shows(film, await watched.mark());

  // Browsers give key frames only when they are asked for them.
  const joined = await openRoom(here.browser, `${here.server.url}/${room}`);
  await eventually(
    () => received(joined),
    ({ video }) => (video?.framesDecoded ?? 0) > 10,
    5000,
  );
  await joined.close();

  const mark = await watched.mark();
  publishers[0]?.signal('SIGKILL');
  await watched.shows(slate, mark);
  const [left] = await eventually(
    async () => watched.told('publisher.left', mark.events),
    ({ length }) => length === 1,
  );
  // Its session is over after ten seconds of silence; the room waits for a minute.
  expect(left).toMatchObject({ reason: 'silent' });
  await publish();
  await watched.shows(film, mark, 30_000);
  await watched.played(1000);
  const { unbroken, longestGapMs } = await watched.since(mark);
  expect(unbroken).toBe(true);
  expect(longestGapMs.shown).toBeLessThan(frozenMs);
  expect(watched.switches(mark.events)).toEqual(['slate away', 'main back']);
}, 90_000);
