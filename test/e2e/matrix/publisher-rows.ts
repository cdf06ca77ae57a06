import { expect } from 'vitest';
import { createClient } from '../../../src/cli/client.ts';
import { eventually } from '../../helpers/browser.ts';
import type { TestDaemon } from '../../helpers/daemon.ts';
import { type Publisher, pagePublisher, rtmpPublisher } from '../../helpers/publisher.ts';
import type { Mark, WatchedRoom } from '../../helpers/watched-room.ts';
import { expectAwayAndBack } from '../away-and-back.ts';
import { film, type Row, roomOf, slate, type Trial } from './row.ts';
import { ffmpegStuck, liveFfmpegKilled, plays } from './trials.ts';

/** Those who publish: what happens to them, beside what happens to the ffmpeg that plays them. */
export const publisherRows: readonly Row[] = [
  {
    name: 'a publisher by RTMP',
    async open(action, server, room) {
      const { addresses, secret } = await newKey(server, room);
      const bFrames = action === 'copied' ? 0 : 2;
      const publish = async () => rtmpPublisher(`${addresses.rtmp}/${secret}`, { bFrames });
      const { isStuck, isKilled, leaves, ...publisher } = publishing(publish);
      const trials =
        action === 'copied' ? [plays, liveFfmpegKilled, isStuck, leaves] : [plays, ffmpegStuck, isKilled];
      return { ...publisher, trials };
    },
  },
  {
    name: 'a publisher by WHIP',
    // Without ffmpeg.
    actions: ['copied'],
    async open(_action, server, room) {
      const { addresses, secret } = await newKey(server, room);
      const picture = { codec: 'H264', width: film, height: 180 } as const;
      const publish = () => pagePublisher({ url: addresses.whip, secret, ...picture });
      const { isStuck, leaves, ...publisher } = publishing(publish);
      return { ...publisher, trials: [plays, isStuck, leaves] };
    },
  },
];

/** The rooms of those who leave, which wait for them for less time than others. */
export const publisherRooms = Object.fromEntries(
  publisherRows.map((row) => [roomOf(row, 'copied'), { reconnectGrace: '10s' }]),
);

/** Somebody who publishes, may be stuck, or killed and started again, and leaves in the end. */
function publishing(publish: () => Promise<Publisher>) {
  const scope = new AsyncDisposableStack();
  let publisher: Publisher;
  const start = async () => {
    publisher = scope.use(await publish());
  };

  const isStuck: Trial = async (watched) => {
    const mark = await watched.mark();
    publisher.signal('SIGSTOP');
    await watched.shows(slate, mark);
    await eventually(
      async () => watched.told('publisher.silent', mark.events),
      ({ length }) => length === 1,
    );
    expect(watched.told('source.back', mark.events)).toEqual([]);
    publisher.signal('SIGCONT');
    await isBack(watched, mark);
    await eventually(
      async () => watched.told('publisher.heard', mark.events),
      ({ length }) => length === 1,
    );
  };

  const isKilled: Trial = async (watched) => {
    const mark = await watched.mark();
    publisher.signal('SIGKILL');
    await watched.shows(slate, mark);
    // By WHIP it is missed only after a while, and its key is its own until then.
    await eventually(
      async () => [
        ...watched.told('publisher.left', mark.events),
        ...watched.told('publisher.silent', mark.events),
      ],
      ({ length }) => length > 0,
    );
    await start();
    await isBack(watched, mark);
    expect(watched.told('publisher.joined', mark.events).length).toBe(1);
  };

  const leaves: Trial = async (watched) => {
    const mark = await watched.mark();
    await publisher.leave();
    await watched.shows(slate, mark);
    expect(watched.told('publisher.left', mark.events)).toMatchObject([{ reason: 'left' }]);
    await watched.page.waitForSelector('html[data-state=ended]');
    expect(watched.told('broadcast.ended', mark.events)).toMatchObject([
      { message: expect.stringMatching(/^nothing came of cam1 for 10 s: /) },
    ]);
  };

  return { start, isStuck, isKilled, leaves, [Symbol.asyncDispose]: () => scope.disposeAsync() };
}

/** After the slate the same viewers see the publisher again. */
async function isBack(watched: WatchedRoom, mark: Mark): Promise<void> {
  await watched.shows(film, mark);
  await watched.played(1000);
  await expectAwayAndBack(watched, mark, film);
}

function newKey({ socket }: TestDaemon, room: string) {
  return createClient(socket).call('createKey', { room, expiresMs: null });
}
