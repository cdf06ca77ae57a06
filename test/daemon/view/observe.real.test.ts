import { expect, test } from 'vitest';
import { createClient } from '../../../src/cli/client.ts';
import type { Observed } from '../../../src/cli/observed-view.ts';
import { view } from '../../../src/contract/view/view.ts';
import { startDaemon } from '../../helpers/daemon.ts';
import { MortalDaemon } from '../../helpers/mortal-daemon.ts';
import { temporaryFolder } from '../../helpers/state.ts';

/** Reads on until something is seen. @throws where the stream ends before */
async function seen(stream: AsyncIterator<Observed>, is: (observed: Observed) => boolean): Promise<Observed> {
  for (;;) {
    const { value, done } = await stream.next();
    if (done) throw new Error('the stream has ended');
    if (is(value)) return value;
  }
}

const isLive = (room: string) => (observed: Observed) =>
  observed.is === 'live' && observed.view.rooms[room]?.broadcast?.state === 'live';

test('observe tells how a room comes on air, what it takes of the machine, and that it is gone', async () => {
  await using server = await startDaemon({ rtmp: { enabled: false } });
  const client = createClient(server.socket);
  const leaving = new AbortController();
  const stream = client.observe({ detail: 'whole' }, leaving.signal)[Symbol.asyncIterator]();
  const first = await seen(stream, () => true);
  expect(first.view.rooms).toEqual({});
  const source = { kind: 'test', pattern: 'bars' } as const;
  await client.call('startBroadcast', { room: 'lobby', source });
  const { view: live } = await seen(
    stream,
    (observed) =>
      isLive('lobby')(observed) &&
      Object.values(observed.view.processes).some(({ kind }) => kind === 'ffmpeg'),
  );
  expect(view.parse(live)).toEqual(live);
  expect(live.rooms.lobby).toMatchObject({
    ...{ name: 'lobby', health: { word: 'well', reason: null }, audience: { viewers: 0 } },
    ...{ onAir: { entry: 'main' }, broadcast: { source: { kind: 'test' } }, content: { wrong: [] } },
    programme: { entries: [{ entry: 'main', state: 'onAir' }, { entry: 'slate' }] },
  });
  const kinds = Object.values(live.processes).map(({ kind, rooms }) => `${kind} ${rooms}`);
  expect(kinds).toEqual(expect.arrayContaining(['daemon ', 'worker lobby', 'ingest lobby', 'ffmpeg lobby']));
  // The test pattern has a tone.
  const { view: heard } = await seen(stream, (observed) => observed.view.rooms.lobby?.levels != null);
  expect(heard.rooms.lobby?.levels?.peakDb).toBeGreaterThan(-40);
  expect(heard.rooms.lobby?.levels?.loudnessDb).toBeLessThan(0);
  await client.call('stopRoom', { room: 'lobby' });
  await seen(stream, (observed) => !Object.hasOwn(observed.view.rooms, 'lobby'));
  leaving.abort();
  while (!(await stream.next()).done);
});

test('observe says that the daemon was killed, keeps what was seen, and goes on with the next one', async () => {
  using folder = temporaryFolder();
  await using daemon = await MortalDaemon.create(folder.path);
  await daemon.start({ hall: { alwaysOn: true } });
  const leaving = new AbortController();
  const stream = daemon.client.observe({}, leaving.signal)[Symbol.asyncIterator]();
  const before = await seen(stream, isLive('hall'));
  await daemon.kill();
  const lost = await seen(stream, ({ is }) => is === 'lost');
  expect(lost).toMatchObject({ is: 'lost', why: { code: 'DAEMON_UNREACHABLE' } });
  expect(isLive('hall')({ ...lost, is: 'live' } as Observed)).toBe(true);
  await daemon.start({ hall: { alwaysOn: true } });
  const back = await seen(stream, isLive('hall'));
  expect(back.view.daemon.pid).not.toBe(before.view.daemon.pid);
  leaving.abort();
});
