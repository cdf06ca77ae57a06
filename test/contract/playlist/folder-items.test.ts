import { describe, expect, test } from 'vitest';
import { type PlaylistItem, playlistItem } from '../../../src/contract/models.ts';
import { editPlaylist } from '../../../src/contract/playlist/edit-playlist.ts';
import type { FolderEdit } from '../../../src/contract/playlist/folder-items.ts';
import { naturalOrder } from '../../../src/contract/playlist/natural-order.ts';
import { Playlist } from '../../../src/contract/playlist/playlist.ts';
import type { WantedPlaylist } from '../../../src/contract/snapshot.ts';
import { pseudoRandom } from '../../helpers/pseudo-random.ts';
import { idOf, item, letters } from './items.ts';

const folder = playlistItem.parse({ id: idOf('7'), source: { kind: 'folder', path: '/srv' } });

function file(letter: string, stamp = '1'): PlaylistItem {
  return item(letter, { found: { folder: folder.id, stamp } });
}

function list(words: string, shuffle = false): WantedPlaylist {
  const items = [...words].map((one) => {
    if (one === '7') return folder;
    return one === one.toLowerCase() ? file(one) : item(one.toLowerCase());
  });
  return Playlist.begin({ kind: 'playlist', items, loop: true, shuffle }, 1);
}

const edit = (changes: Partial<FolderEdit>): FolderEdit => ({
  ...{ folder: folder.id, added: [], removed: [], replaced: [] },
  ...changes,
});
const never = () => 0;

test('names are in the order in which people read them', () => {
  const names = ['b10.mp4', 'B2.mp4', 'a.mp4', 'b2.mp4', 'Ärger.mp4', 'b1.mp4', 'a.MP4', '\udce9.mp4'];
  expect(names.toSorted(naturalOrder)).toEqual(
    ['\udce9.mp4', 'a.mp4', 'a.MP4', 'Ärger.mp4', 'b1.mp4', 'b2.mp4', 'B2.mp4', 'b10.mp4'].sort(naturalOrder),
  );
  expect(['2', '10', '1', 'b', 'A', 'a'].toSorted(naturalOrder)).toEqual(['1', '2', '10', 'a', 'A', 'b']);
  expect(new Set(names.map((name) => names.filter((one) => naturalOrder(name, one) === 0).length))).toEqual(
    new Set([1]),
  );
});

describe('a folder in a list', () => {
  test.each([
    {
      name: 'files come into an empty one',
      from: 'X7Y',
      change: { added: [file('c'), file('b')] },
      to: 'x7bcy',
    },
    { name: 'one between others', from: 'X7bdY', change: { added: [file('c')] }, to: 'x7bcdy' },
    { name: 'some before and behind', from: '7cY', change: { added: [file('e'), file('b')] }, to: '7bcey' },
    { name: 'one goes', from: 'X7bcY', change: { removed: [idOf('b')] }, to: 'x7cy' },
    { name: 'all go', from: '7bc', change: { removed: [idOf('b'), idOf('c')] }, to: '7' },
    { name: 'it was taken out meanwhile', from: 'XY', change: { added: [file('c')] }, to: 'xy' },
    { name: 'what is there already', from: '7b', change: { added: [file('b')] }, to: '7b' },
  ])('$name', ({ from, change, to }) => {
    const playlist = Playlist.at(list(from), null);
    playlist.follow(edit(change), never);
    expect(letters(playlist.items)).toBe(to);
  });

  test.each([
    ['stays with its files where the list is another', 'X7bcY', [item('y'), folder, item('z')], 'y7bcz'],
    ['goes with its files', 'X7bcY', [item('x')], 'x'],
  ])('it %s', (_, from, items, to) => {
    const playlist = Playlist.at(list(from), null);
    playlist.replace(items);
    expect(letters(playlist.items)).toBe(to);
  });

  test('is never played itself, nor gone back to', () => {
    const playlist = Playlist.at(list('7bc'), null);
    expect(letters([1, 2, 3, 4].map(() => playlist.advance(0)))).toBe('bcbc');
    expect(letters([1, 2, 3].map(() => playlist.previous()))).toBe('bcb');
    expect(letters([playlist.jump(folder.id)])).toBe('b');
    const empty = Playlist.at(list('7'), null);
    expect(empty.peek(0)).toBeNull();
    expect(empty.advance(0)).toBeNull();
    expect(empty.grows).toBe(true);
    expect(() => empty.jump(folder.id)).toThrow('expected a folder with files, it has none now');
  });

  test.each([
    { name: 'its first file, behind what is before it', from: 'X7bcY', of: 'x', expected: 'b' },
    { name: 'what is behind it, where it is empty', from: 'X7Y', of: 'x', expected: 'y' },
    { name: 'what is behind it, behind its last file', from: 'X7bY', of: 'b', expected: 'y' },
    { name: 'its first file again, in the next round', from: '7bY', of: 'y', expected: 'b' },
  ])('is never what follows: $name', ({ from, of, expected }) => {
    const playlist = Playlist.at(list(from), null);
    playlist.jump(idOf(of));
    expect(letters([playlist.behind(idOf(of), 0)])).toBe(expected);
  });

  test('what plays and goes is played to its end, what follows is the next one of the others', () => {
    const playlist = Playlist.at(list('7bcd'), null);
    playlist.advance(0);
    playlist.follow(edit({ removed: [idOf('b'), idOf('c')] }), never);
    expect([playlist.current?.id, playlist.leaving]).toEqual([idOf('b'), true]);
    expect(letters([playlist.advance(0), playlist.advance(0)])).toBe('dd');
    expect(letters(playlist.items)).toBe('7d');
  });

  test('what plays and goes stays where it comes back before it is left', () => {
    const wanted = list('7bc');
    const director = Playlist.at(wanted, null);
    director.advance(0);
    const room = Playlist.at(wanted, director.place);
    room.follow(edit({ removed: [idOf('b')] }), never);
    const gone = room.asWanted(wanted);
    director.adopt(gone);
    const again = Playlist.at(gone, director.place);
    again.follow(edit({ added: [file('b', '2')] }), never);
    expect(director.adopt(again.asWanted(gone))).toEqual([idOf('b')]);
    expect(director.leaving).toBe(false);
    expect(letters([director.advance(0), director.advance(0)])).toBe('cb');
    expect(letters(director.items)).toBe('7bc');
  });

  test('a file that is replaced keeps its id and place, and is not passed over any more', () => {
    const wanted = list('7bc');
    const playlist = Playlist.at(wanted, null);
    const director = Playlist.at(wanted, null);
    director.advance(0);
    director.skip(idOf('c'), 'it is damaged', 0);
    playlist.follow(edit({ replaced: [file('c', '2')] }), never);
    expect(director.adopt(playlist.asWanted(wanted))).toEqual([idOf('c')]);
    expect(director.skipReason(idOf('c'))).toBeNull();
    expect(director.peek(0)).toMatchObject({ id: idOf('c'), found: { stamp: '2' } });
    expect(director.adopt(playlist.asWanted(wanted))).toEqual([]);
  });

  test('is moved and taken out with its files', () => {
    const playlist = Playlist.at(list('X7bcY'), null);
    editPlaylist(playlist, { type: 'move', item: folder.id, to: 0 }, 0);
    expect(letters(playlist.items)).toBe('7bcxy');
    playlist.jump(idOf('b'));
    editPlaylist(playlist, { type: 'remove', item: folder.id }, 0);
    expect(letters(playlist.items)).toBe('bxy');
    expect(letters([playlist.advance(0)])).toBe('x');
    expect(letters(playlist.items)).toBe('xy');
  });
});

/** What the room knows of where the director is may be one item old. */
describe('a shuffled folder that changes', () => {
  test('plays each file once a round, new ones too, and none twice in a row', () => {
    const random = pseudoRandom(3);
    const chance = () => random(1_000_000) / 1_000_000;
    const names = 'abcdefghijklmnopqrstuvwxyz';
    let joined = 0;
    for (let seed = 0; seed < 300; seed++) {
      let wanted: WantedPlaylist = { ...list('7abcdefgh', true), seed };
      const director = Playlist.at(wanted, null);
      const present = new Set('abcdefgh');
      let whole = new Set(present);
      let heard: string[] = [];
      let last = '';
      for (let step = 0; step < 60; step++) {
        const before = director.place;
        // The room follows what it hears.
        wanted = Playlist.at(wanted, before).asWanted(wanted);
        const letter = letters([director.advance(0)]);
        expect(letter).not.toBe(last);
        last = letter;
        if (director.round > before.round) {
          // Whatever was there all the round has been played in it, and nothing twice.
          expect([...whole].filter((one) => !heard.includes(one))).toEqual([]);
          expect(new Set(heard).size).toBe(heard.length);
          whole = new Set(present);
          heard = [];
        }
        heard.push(letter);
        if (random(3) > 0) continue;
        const isBehind = before.round === director.round && random(2) === 0;
        const room = Playlist.at(wanted, isBehind ? before : director.place);
        const name = names[random(names.length)] ?? '';
        if (present.has(name) && present.size > 4) {
          room.follow(edit({ removed: [idOf(name)] }), chance);
          present.delete(name);
          whole.delete(name);
        } else if (!present.has(name) && !heard.includes(name)) {
          room.follow(edit({ added: [file(name)] }), chance);
          present.add(name);
          whole.add(name);
          joined++;
        }
        wanted = room.asWanted(wanted);
        director.adopt(wanted);
        // What plays and is gone is not in the list, and is played to its end by whoever plays it.
        expect(letters([director.current])).toBe(present.has(letter) || director.leaving ? letter : '-');
      }
    }
    expect(joined).toBeGreaterThan(1000);
  });
});
