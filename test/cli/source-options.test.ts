import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type SourceFlags, sourceFromFlags } from '../../src/cli/source-options.ts';
import { source as schema } from '../../src/contract/models.ts';

let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'mirolive-sources-'));
  await writeFile(join(folder, 'evening.yaml'), 'shuffle: true\nitems: [one.mp4, cam1]\n');
});

afterAll(async () => {
  await rm(folder, { recursive: true });
});

const file = (name: string, changes = {}) => ({
  kind: 'file',
  path: join(folder, name),
  loop: false,
  audioTrack: null,
  ...changes,
});

describe('sourceFromFlags', () => {
  const cases: { name: string; flags: SourceFlags; expected: () => object }[] = [
    { name: 'one file', flags: { file: ['a.mp4'] }, expected: () => file('a.mp4') },
    {
      name: 'one file, looped, with another track',
      flags: { file: ['a.mp4'], loop: true, audioTrack: 1 },
      expected: () => file('a.mp4', { loop: true, audioTrack: 1 }),
    },
    {
      name: 'several files',
      flags: { file: ['a.mp4', 'b.mp4'], loop: true, shuffle: true, audioTrack: 1 },
      expected: () => ({
        ...{ kind: 'playlist', loop: true, shuffle: true },
        items: [{ source: file('a.mp4', { audioTrack: 1 }) }, { source: file('b.mp4', { audioTrack: 1 }) }],
      }),
    },
    {
      name: 'a playlist with its own manner',
      flags: { playlist: 'evening.yaml' },
      expected: () => ({
        ...{ kind: 'playlist', loop: false, shuffle: true },
        items: [{ source: file('one.mp4') }, { source: { kind: 'publisher', key: 'cam1' } }],
      }),
    },
    {
      name: 'a playlist, looped by flag',
      flags: { playlist: 'evening.yaml', loop: true },
      expected: () => ({ kind: 'playlist', loop: true, shuffle: true }),
    },
  ];
  test.each(cases)('$name', async ({ flags, expected }) => {
    expect(schema.parse(await sourceFromFlags(flags, folder))).toMatchObject(expected());
  });
});
