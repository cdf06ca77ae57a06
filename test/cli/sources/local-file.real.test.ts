import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { withNearName } from '../../../src/cli/sources/local-file.ts';
import { MiroliveError } from '../../../src/contract/errors.ts';
import { noFileWords } from '../../../src/contract/source-words.ts';
import { temporaryFolder } from '../../helpers/temporary-folder.ts';

test.each([
  { wanted: 'TALK.mp4', like: 'talk.mp4, which differs in upper and lower case' },
  { wanted: 'talk.mov', like: 'talk.mp4, which differs in its ending' },
  { wanted: '.\\Talk.mp4', like: 'talk.mp4, which differs in upper and lower case' },
  { wanted: 'cafe\u0301.mp4', like: 'caf\u00e9.mp4, which differs in how its letters are encoded' },
  { wanted: 'other.mp4', like: null },
])('A daemon that finds no $wanted is helped by the name of one that is: $like', async ({ wanted, like }) => {
  await using folder = await temporaryFolder();
  const place = join(folder.path, 'my media');
  await mkdir(place);
  for (const name of ['talk.mp4', 'caf\u00e9.mp4']) await writeFile(join(place, name), '');
  const path = `${place}/${wanted}`;
  const error = new MiroliveError('SOURCE_NOT_FOUND', noFileWords(path), { details: { path } });
  const { message, hint } = await withNearName(error);
  expect(message).toBe(`there is no file ${path}${like === null ? '' : `; there is ${like}`}`);
  // A shell takes it as it is printed.
  expect(hint).toBe(
    like === null ? `Check the path: ls -l '${path}'` : `See what is there: ls -l '${place}'`,
  );
});

test('What else is wrong stays as it is', async () => {
  const error = new MiroliveError('SOURCE_FORBIDDEN', 'there is no file /tmp/x');
  expect(await withNearName(error)).toBe(error);
});
