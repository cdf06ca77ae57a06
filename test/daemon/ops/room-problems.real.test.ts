import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { config } from '../../../src/contract/config.ts';
import { roomProblems } from '../../../src/daemon/ops/room-problems.ts';
import { makeMedia, sample } from '../../helpers/media/sample-files.ts';

let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'mirolive-rooms-'));
  await writeFile(join(folder, 'evening.yaml'), 'items: [one.mp4]\n');
  await writeFile(join(folder, 'wrong.yaml'), 'itms: [one.mp4]\n');
});

afterAll(async () => {
  await rm(folder, { recursive: true });
});

test('rooms whose files are there have no problems', async () => {
  const image = await makeMedia('slate.png', { args: ['-f', 'lavfi', '-i', 'testsrc2', '-frames:v', '1'] });
  const rooms = {
    plain: {},
    image: { slate: { kind: 'image', path: image }, fallback: ['slate'], poster: image },
    clip: {
      slate: { kind: 'clip', path: await sample('talk.mp4') },
      fallback: [{ playlist: join(folder, 'evening.yaml') }, { publisher: 'backup' }],
    },
  };
  expect(await roomProblems(config.parse({ rooms }))).toEqual([]);
});

test('what will not work is named with its room', async () => {
  const rooms = {
    image: { slate: { kind: 'image', path: join(folder, 'evening.yaml') } },
    clip: { slate: { kind: 'clip', path: '/nowhere/clip.mp4' } },
    playlist: { fallback: [{ playlist: join(folder, 'wrong.yaml') }] },
    file: { fallback: [{ file: '/nowhere/loop.mp4' }] },
    poster: { poster: '/nowhere/poster.png' },
  };
  const problems = await roomProblems(config.parse({ rooms }));
  expect(problems.map(({ room, error }) => [room, error.code])).toEqual([
    ['image', 'SLATE_NOT_USABLE'],
    ['clip', 'SLATE_NOT_USABLE'],
    ['playlist', 'INVALID_PLAYLIST'],
    ['file', 'SOURCE_NOT_FOUND'],
    ['poster', 'POSTER_NOT_USABLE'],
  ]);
});
