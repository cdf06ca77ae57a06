import { expect } from 'vitest';
import { createClient } from '../../../src/cli/client.ts';
import { eventually, openRoom, received } from '../../helpers/browser.ts';
import type { DaemonAndBrowser } from '../../helpers/daemon-and-browser.ts';
import { type Publisher, pagePublisher } from '../../helpers/publisher.ts';
import { frozenMs } from '../../helpers/sent-frames.ts';
import { WatchedRoom } from '../../helpers/watched-room.ts';
import { expectSwitchedBack } from '../away-and-back.ts';
import { slate } from './row.ts';

/** The width of the larger layer of what is published. */
const film = 640;

/** A page that publishes two layers by WHIP, is killed, and comes back once its session is over. */
export async function twoLayers(here: DaemonAndBrowser): Promise<void> {
  await using closing = new AsyncDisposableStack();
  const room = 'two-layers';
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
  expect(watched.broadcast.renditions).toHaveLength(2);
  expect(watched.broadcast.plan).toMatchObject({ video: { action: 'copy' }, audio: { action: 'copy' } });
  await watched.shows(film, await watched.mark());

  // Browsers give key frames only when they are asked for them.
  const joined = await openRoom(here.browser, `${here.server.url}/${room}`);
  await eventually(
    () => received(joined),
    ({ video }) => (video?.framesDecoded ?? 0) > 10,
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
  await watched.shows(film, mark);
  await watched.played(1000);
  const { broken, gapsMs, missedMs } = await watched.since(mark);
  expect(broken).toEqual([]);
  expect(gapsMs.video).toBeLessThan(frozenMs);
  await expectSwitchedBack(watched, mark, missedMs);
}
