import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startDaemon, type TestDaemon } from '../helpers/daemon.ts';
import { brokenFiles } from '../helpers/media/broken-files.ts';
import { sample } from '../helpers/media/sample-files.ts';

let server: TestDaemon;
beforeAll(async () => {
  server = await startDaemon();
});
afterAll(() => server?.[Symbol.asyncDispose]());

test.each(brokenFiles.map((entry) => [entry.title, entry] as const))(
  '%s is refused and leaves nothing behind',
  async (_, { make, code }) => {
    const folder = await mkdtemp(join(tmpdir(), 'mirolive-refused-'));
    try {
      const path = await make(folder);
      const start = server.daemon.desk.start({
        room: 'lobby',
        source: { kind: 'file', path, loop: false, audioTrack: null },
      });
      await expect(start).rejects.toMatchObject({ code });
      expect(server.daemon.desk.broadcasts).toEqual([]);
      expect(server.daemon.desk.rooms).toEqual([]);
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  },
);

test('a second broadcast in a room is refused, and the first plays on', async () => {
  const source = { kind: 'file', path: await sample('talk.mp4'), loop: true, audioTrack: null } as const;
  const first = await server.daemon.desk.start({ room: 'busy', source });
  await expect(server.daemon.desk.start({ room: 'busy', source })).rejects.toMatchObject({
    code: 'ROOM_BUSY',
    hint: 'Stop it first: mirolive stop --room busy',
  });
  expect(server.daemon.desk.broadcasts).toMatchObject([{ id: first.id, state: 'live' }]);
  await server.daemon.desk.end(first.id);
  expect(server.daemon.desk.rooms).toEqual([]);
});

test('an audio track that is not there is refused with what to run next', async () => {
  const path = await sample('talk.mp4');
  const start = server.daemon.desk.start({
    room: 'lobby',
    source: { kind: 'file', path, loop: false, audioTrack: 7 },
  });
  await expect(start).rejects.toMatchObject({ code: 'SOURCE_TRACK_NOT_FOUND' });
});
