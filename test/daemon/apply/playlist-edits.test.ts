import fc from 'fast-check';
import { expect, test } from 'vitest';
import { playlistSource } from '../../../src/contract/models.ts';
import { editPlaylist } from '../../../src/contract/playlist/edit-playlist.ts';
import { Playlist } from '../../../src/contract/playlist/playlist.ts';
import { playlistEdits } from '../../../src/daemon/apply/playlist-edits.ts';

function listOf(names: string, shuffle = false) {
  const items = [...names].map((name) => ({ source: { kind: 'file', path: `/srv/${name}` } }));
  return playlistSource.parse({ kind: 'playlist', items, shuffle });
}
const namesOf = (items: Playlist['items']) =>
  items.map(({ source }) => (source.kind === 'file' ? source.path.slice(5) : '')).join('');

/** What is left of the first list once it was edited to be the second, while its first item plays. */
function edited(before: string, after: string, shuffle = false): string {
  const list = new Playlist({ ...listOf(before, shuffle), items: listOf(before).items } as never);
  for (const edit of playlistEdits(list.items, listOf(after, shuffle))) editPlaylist(list, edit, 0);
  return namesOf(list.items);
}

test.each([
  ['abc', 'abc', []],
  ['abc', 'abcd', ['add']],
  ['abc', 'xyabc', ['add']],
  ['abc', 'ac', ['remove']],
  ['abc', 'xyz', ['add', 'remove', 'remove', 'remove']],
  ['abc', 'cab', ['move']],
])('%s becomes %s', (before, after, kinds) => {
  expect(edited(before, after)).toBe(after);
  expect(playlistEdits(listOf(before).items, listOf(after)).map(({ type }) => type)).toEqual(kinds);
});

test('any list becomes any other', () => {
  const names = fc.stringMatching(/^[abcd]{1,6}$/);
  fc.assert(fc.property(names, names, (before, after) => edited(before, after) === after));
});
