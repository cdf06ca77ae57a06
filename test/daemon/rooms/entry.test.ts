import { expect, it } from 'vitest';
import { type EntryKnown, entryOf } from '../../../src/daemon/rooms/entry.ts';

it.each<EntryKnown & { readonly expected: string }>([
  { access: 'open', inFile: false, readable: true, expected: 'open' },
  { access: 'open', inFile: true, readable: true, expected: 'open' },
  { access: 'closed', inFile: false, readable: true, expected: 'closed' },
  { access: 'closed', inFile: true, readable: true, expected: 'closed' },
  { access: 'open', inFile: true, readable: false, expected: 'open' },
  { access: 'closed', inFile: true, readable: false, expected: 'closed' },
  { access: 'open', inFile: false, readable: false, expected: 'lost' },
  { access: 'closed', inFile: false, readable: false, expected: 'lost' },
])('access $access, in the file $inFile, state readable $readable: $expected', ({ expected, ...known }) => {
  expect(entryOf(known)).toBe(expected);
});
