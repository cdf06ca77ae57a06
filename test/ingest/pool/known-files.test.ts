import { expect, test } from 'vitest';
import { KnownFiles } from '../../../src/ingest/pool/known-files.ts';

test('KnownFiles keeps the last finding of each kind of a file, and forgets the oldest', () => {
  const known = new KnownFiles();
  const duration = (path: string, value: number) =>
    ({ what: 'durationMs', path, identity: 'as it was', value }) as const;
  known.learn(duration('/a', 1));
  known.learn(duration('/b', 2));
  known.learn(duration('/a', 3));
  expect(known.all).toEqual([duration('/b', 2), duration('/a', 3)]);
  for (let index = 0; index < 999; index++) known.learn(duration(`/${index}`, 0));
  expect(known.all).toHaveLength(1000);
  expect(known.all[0]).toEqual(duration('/a', 3));
});
