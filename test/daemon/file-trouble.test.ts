import { expect, test } from 'vitest';
import { fileTrouble } from '../../src/daemon/file-trouble.ts';

test.each([
  { thrown: { code: 'ERR_SQLITE_ERROR', errcode: 5 }, trouble: 'held' },
  { thrown: { code: 'ERR_SQLITE_ERROR', errcode: 1 }, trouble: 'changed' },
  { thrown: { code: 'ERR_SQLITE_ERROR', errcode: 13 }, trouble: 'full' },
  { thrown: { code: 'ENOSPC' }, trouble: 'full' },
  { thrown: { code: 'ERR_SQLITE_ERROR', errcode: 26 }, trouble: 'damaged' },
  { thrown: { code: 'ERR_SQLITE_ERROR', errcode: 8 | (6 << 8) }, trouble: 'unwritable' },
  { thrown: { code: 'ENOTDIR' }, trouble: 'unwritable' },
  { thrown: { code: 'EMFILE' }, trouble: 'other' },
  { thrown: { code: 'ERR_SQLITE_ERROR', errcode: 10 }, trouble: 'other' },
  { thrown: new Error('what nobody foresaw'), trouble: 'other' },
])('$thrown is taken as: $trouble', ({ thrown, trouble }) => {
  expect(fileTrouble(thrown)).toBe(trouble);
});
