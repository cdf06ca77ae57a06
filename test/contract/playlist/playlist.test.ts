import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { maxPlaylistItems, playlistItem } from '../../../src/contract/models.ts';
import { Playlist, type PlaylistOptions } from '../../../src/contract/playlist/playlist.ts';
import type { WantedPlaylist } from '../../../src/contract/snapshot.ts';
import { idOf, item, items, letters } from './items.ts';

function playlist(list: string, options: Partial<PlaylistOptions> = {}): Playlist {
  return new Playlist({ items: items(list), loop: false, shuffle: false, ...options });
}

/** A shuffled, looped list as the room wants it. */
function wantedShuffled(list: string, seed: number): WantedPlaylist {
  return Playlist.begin({ kind: 'playlist', items: items(list), loop: true, shuffle: true }, seed);
}

function shuffledPlaylist(list: string, seed: number): Playlist {
  return Playlist.at(wantedShuffled(list, seed), null);
}

/** What plays when each item is played to its end, `count` times; each was announced by `peek`. */
function played(list: Playlist, count: number, nowMs = 0): string {
  return letters(
    Array.from({ length: count }, () => {
      const announced = list.peek(nowMs);
      const current = list.advance(nowMs);
      expect(current).toBe(announced);
      return current;
    }),
  );
}

describe('order', () => {
  test.each([
    { name: 'once', list: 'abc', loop: false, expected: 'abc--' },
    { name: 'looped', list: 'abc', loop: true, expected: 'abcabca' },
    { name: 'a single one looped', list: 'a', loop: true, expected: 'aaa' },
    { name: 'a single one once', list: 'a', loop: false, expected: 'a-' },
  ])('$name', ({ list, loop, expected }) => {
    expect(played(playlist(list, { loop }), expected.length)).toBe(expected);
  });

  test('shuffled: each item once a round, another order each round, none twice in a row', () => {
    const list = shuffledPlaylist('abcde', 7);
    const all = played(list, 5 * 200);
    const rounds = all.match(/.{5}/g) ?? [];
    expect(new Set(rounds.map((round) => [...round].sort().join('')))).toEqual(new Set(['abcde']));
    expect(new Set(rounds).size).toBeGreaterThan(60);
    expect(all).not.toMatch(/(.)\1/);
    expect(list.round).toBe(199);
  });

  test('shuffled orders are equally likely', () => {
    const counts = new Map<string, number>();
    for (let seed = 0; seed < 6000; seed++) {
      const order = letters(shuffledPlaylist('abc', seed).items);
      counts.set(order, (counts.get(order) ?? 0) + 1);
    }
    expect(counts.size).toBe(6);
    for (const count of counts.values()) expect(Math.abs(count - 1000)).toBeLessThan(150);
  });
});

describe('what follows an item', () => {
  test.each([
    { name: 'is the next one', list: 'abc', loop: false, current: 'a', of: 'a', expected: 'b' },
    { name: 'that follows itself', list: 'abc', loop: false, current: 'a', of: 'b', expected: 'c' },
    { name: 'is nothing behind the last', list: 'abc', loop: false, current: 'b', of: 'c', expected: '-' },
    { name: 'is the first again', list: 'abc', loop: true, current: 'b', of: 'c', expected: 'a' },
    { name: 'that is the first again', list: 'abc', loop: true, current: 'c', of: 'a', expected: 'b' },
    { name: 'is not itself', list: 'a', loop: true, current: 'a', of: 'a', expected: '-' },
    {
      name: 'is not one that cannot be played',
      list: 'abxc',
      loop: false,
      current: 'a',
      of: 'b',
      expected: 'c',
    },
    {
      name: 'may be that of one that was passed',
      list: 'abc',
      loop: false,
      current: 'c',
      of: 'a',
      expected: 'b',
    },
  ])('$name: $of in $list', ({ list, loop, current, of, expected }) => {
    const known = playlist(list, { loop });
    known.jump(idOf(current));
    known.skip(idOf('x'), 'damaged', 0);
    expect(letters([known.behind(idOf(of), 0)])).toBe(expected);
  });

  test('that is to leave is what followed it', () => {
    const list = playlist('abc');
    list.jump(idOf('a'));
    list.remove(idOf('a'));
    expect(letters([list.behind(idOf('a'), 0)])).toBe('b');
  });

  test('shuffled: is what does follow, in each order, as far as there is one', () => {
    const list = shuffledPlaylist('abcde', 7);
    list.advance(0);
    for (let step = 0; step < 50; step++) {
      const next = list.peek(0);
      const behind = next && list.behind(next.id, 0);
      list.advance(0);
      if (behind) expect(list.peek(0)).toBe(behind);
      else expect(list.index).toBe(4);
    }
  });
});

describe('control', () => {
  test('previous goes back, and stays at the first', () => {
    const list = playlist('abc');
    played(list, 3);
    expect(letters([list.previous(), list.previous(), list.previous()])).toBe('baa');
  });

  test('previous of the first is the last, where the list is looped', () => {
    const list = playlist('abc', { loop: true });
    played(list, 1);
    expect(letters([list.previous(), list.previous()])).toBe('cb');
  });

  test('previous after the end is the last', () => {
    const list = playlist('ab');
    expect(played(list, 3)).toBe('ab-');
    expect(letters([list.previous()])).toBe('b');
  });

  test('jump goes on from there', () => {
    const list = playlist('abcd');
    played(list, 1);
    list.jump(idOf('c'));
    expect(letters([list.current])).toBe('c');
    expect(played(list, 2)).toBe('d-');
  });
});

describe('changes while it plays', () => {
  const cases: {
    name: string;
    /** How many have begun. */
    at?: number;
    loop?: boolean;
    change: (list: Playlist) => void;
    /** What follows. */
    follows: string;
    items: string;
  }[] = [
    {
      name: 'add goes behind the last',
      change: (l) => l.add(items('xy'), null),
      follows: 'cxy-',
      items: 'abcxy',
    },
    {
      name: 'add at the next place plays next',
      change: (l) => l.add(items('x'), 2),
      follows: 'xc-',
      items: 'abxc',
    },
    {
      name: 'add before the current one changes nothing',
      change: (l) => l.add(items('x'), 0),
      follows: 'c-',
      items: 'xabc',
    },
    {
      name: 'add at the current place stands before it',
      change: (l) => l.add(items('x'), 1),
      follows: 'c-',
      items: 'axbc',
    },
    {
      name: 'add beyond the end is behind the last',
      change: (l) => l.add(items('x'), 99),
      follows: 'cx-',
      items: 'abcx',
    },
    {
      name: 'add after the end goes on',
      at: 4,
      change: (l) => l.add(items('x'), null),
      follows: 'x-',
      items: 'abcx',
    },
    {
      name: 'add before the beginning',
      at: 0,
      change: (l) => l.add(items('x'), 0),
      follows: 'xabc-',
      items: 'xabc',
    },
    {
      name: 'move to the next place',
      at: 1,
      change: (l) => l.move(idOf('c'), 1),
      follows: 'cb-',
      items: 'acb',
    },
    {
      name: 'move of the current one goes on from there',
      at: 1,
      change: (l) => l.move(idOf('a'), 1),
      follows: 'c-',
      items: 'bac',
    },
    {
      name: 'move of a played one behind plays it again',
      change: (l) => l.move(idOf('a'), 2),
      follows: 'ca-',
      items: 'bca',
    },
    { name: 'move to where it is', change: (l) => l.move(idOf('b'), 1), follows: 'c-', items: 'abc' },
    {
      name: 'move after the end of what was left last',
      at: 4,
      change: (l) => l.move(idOf('c'), 0),
      follows: 'ab-',
      items: 'cab',
    },
    { name: 'remove of one that waits', change: (l) => l.remove(idOf('c')), follows: '--', items: 'ab' },
    { name: 'remove of one that was played', change: (l) => l.remove(idOf('a')), follows: 'c-', items: 'bc' },
    {
      name: 'remove of the current one lets it play',
      change: (l) => l.remove(idOf('b')),
      follows: 'c-',
      items: 'ac',
    },
    {
      name: 'remove of the last one while it plays',
      at: 3,
      loop: true,
      change: (l) => l.remove(idOf('c')),
      follows: 'aba',
      items: 'ab',
    },
    {
      name: 'remove of what was left last',
      at: 4,
      change: (l) => l.remove(idOf('c')),
      follows: '--',
      items: 'ab',
    },
    {
      name: 'remove of everything, looped',
      loop: true,
      change: (l) => ['a', 'b', 'c'].map((x) => l.remove(idOf(x))),
      follows: '--',
      items: '',
    },
    { name: 'replace by the same', change: (l) => l.replace(items('abc')), follows: 'c-', items: 'abc' },
    {
      name: 'replace by some of it and others, in another order',
      change: (l) => l.replace(items('xcba')),
      follows: 'a-',
      items: 'xcba',
    },
    {
      name: 'replace by a list without the current one lets it play, and goes on behind what went before it',
      change: (l) => l.replace(items('cay')),
      follows: 'y-',
      items: 'cay',
    },
    { name: 'replace by others', change: (l) => l.replace(items('xyz')), follows: 'xyz-', items: 'xyz' },
    {
      name: 'replace after the end goes on behind what was left last',
      at: 4,
      change: (l) => l.replace(items('acx')),
      follows: 'x-',
      items: 'acx',
    },
    {
      name: 'replace by what it has, whatever the ids',
      change: (l) => l.replace(items('abc').map(({ id: _, ...one }) => playlistItem.parse(one))),
      follows: 'c-',
      items: 'abc',
    },
    {
      name: 'replace by a list with what was taken out while it plays keeps it',
      change: (l) => {
        l.remove(idOf('b'));
        l.replace(items('bx'));
      },
      follows: 'x-',
      items: 'bx',
    },
  ];
  test.each(cases)('$name', ({ at = 2, loop = false, change, follows, items: expected }) => {
    const list = playlist('abc', { loop });
    played(list, at);
    const before = list.current;
    change(list);
    expect(list.current).toBe(before);
    if (before) expect(list.items[list.index ?? -1]).toBe(before);
    expect(played(list, follows.length)).toBe(follows);
    expect(letters(list.items)).toBe(expected);
  });

  test('a removed item is there, and known to leave, until it is left', () => {
    const list = playlist('abc');
    played(list, 1);
    list.remove(idOf('a'));
    expect([letters(list.items), list.leaving, list.index]).toEqual(['abc', true, 0]);
    list.jump(idOf('c'));
    expect([letters(list.items), list.leaving, list.index]).toEqual(['bc', false, 1]);
  });

  test('what follows in a shuffled list may be another after a change, but each item plays once a round', () => {
    const list = shuffledPlaylist('abcd', 5);
    played(list, 4);
    list.peek(0);
    list.add(items('x'), null);
    expect(played(list, 1)).toBe('x');
    expect([...played(list, 5)].sort().join('')).toBe('abcdx');
    list.peek(0);
    list.remove(idOf('a'));
    const rest = played(list, 40);
    for (const round of rest.match(/.{4}/g) ?? []) expect([...round].sort().join('')).toBe('bcdx');
    expect(rest).not.toMatch(/(.)\1/);
  });

  test('any list becomes any other, at once', () => {
    const names = fc.uniqueArray(fc.constantFrom(...'abcdef'), { minLength: 1 }).map((all) => all.join(''));
    fc.assert(
      fc.property(names, names, fc.nat(6), fc.boolean(), (before, after, at, shuffle) => {
        const list = playlist(before, { shuffle });
        played(list, at);
        list.replace(items(after));
        const left = items(after).some(({ id }) => id === list.current?.id) ? null : list.current;
        const order = letters(list.items.filter((one) => one !== left));
        expect(shuffle ? [...order].sort() : order).toEqual(shuffle ? [...after].sort() : after);
        expect(list.leaving).toBe(left !== null);
        expect(letters([list.items[list.index ?? -1] ?? null])).toBe(letters([list.current]));
      }),
    );
  });

  test('a whole list of the most items becomes another one', () => {
    const most = (folder: string) =>
      Array.from({ length: maxPlaylistItems }, (_, place) =>
        playlistItem.parse({ source: { kind: 'file', path: `/${folder}/${place}.mp4` } }),
      );
    const [before, after] = [most('a'), most('b')];
    const list = new Playlist({ items: before, loop: false, shuffle: false });
    list.advance(0);
    list.replace(after);
    expect(list.items).toEqual([before[0], ...after]);
  });

  const refused: { name: string; change: (list: Playlist) => void; code: string; message: string }[] = [
    {
      name: 'jump to an item that is not there',
      change: (l) => l.jump(idOf('x')),
      code: 'PLAYLIST_ITEM_NOT_FOUND',
      message: 'the playlist has no item i-xxxxxxxxxx',
    },
    {
      name: 'move of an item that is not there',
      change: (l) => l.move(idOf('x'), 0),
      code: 'PLAYLIST_ITEM_NOT_FOUND',
      message: 'the playlist has no item i-xxxxxxxxxx',
    },
    {
      name: 'remove of an item that is not there',
      change: (l) => l.remove(idOf('x')),
      code: 'PLAYLIST_ITEM_NOT_FOUND',
      message: 'the playlist has no item i-xxxxxxxxxx',
    },
    {
      name: 'add of an id twice',
      change: (l) => l.add([item('x'), item('a')], null),
      code: 'INVALID_REQUEST',
      message: 'expected ids that the playlist does not have yet',
    },
    {
      name: 'add of what has no end before others',
      change: (l) => l.add([item('x', { source: { kind: 'slate' } })], 1),
      code: 'INVALID_REQUEST',
      message: 'expected how long it plays (forMs), since slate has no end',
    },
    {
      name: 'replace of an item by another one with its id',
      change: (l) => l.replace([item('x'), item('a', { title: 'A' })]),
      code: 'INVALID_REQUEST',
      message: 'expected ids that the playlist does not have yet',
    },
    {
      name: 'replace by what has no end before others',
      change: (l) => l.replace([item('x', { source: { kind: 'slate' } }), item('y')]),
      code: 'INVALID_REQUEST',
      message: 'expected how long it plays (forMs), since slate has no end',
    },
    {
      name: 'add of too many',
      change: (l) =>
        l.add(
          Array.from({ length: 9998 }, () => item('', { id: undefined as never })),
          null,
        ),
      code: 'INVALID_REQUEST',
      message: 'expected at most 10000 items, got 10001',
    },
  ];
  test.each(refused)('refused: $name', ({ change, code, message }) => {
    const list = playlist('abc');
    expect(() => change(list)).toThrow(expect.objectContaining({ code, message }));
    expect(played(list, 4)).toBe('abc-');
  });
});

describe('items that cannot be played', () => {
  test('are passed over', () => {
    const list = playlist('abcd');
    played(list, 1);
    list.skip(idOf('b'), 'it is gone', 0);
    list.skip(idOf('c'), 'it is gone too', 0);
    expect(list.skipReason(idOf('b'))).toBe('it is gone');
    expect(played(list, 2)).toBe('d-');
    expect(letters([list.previous(), list.previous()])).toBe('da');
  });

  test('are tried again after a minute, where the list is looped, and then count as mended', () => {
    const list = playlist('ab', { loop: true });
    list.skip(idOf('b'), 'it is gone', 0);
    expect(played(list, 3, 59_999)).toBe('aaa');
    expect(played(list, 1, 60_000)).toBe('b');
    list.began(idOf('b'));
    expect([list.skipReason(idOf('b')), list.retryAtMs]).toEqual([null, null]);
    expect(played(list, 3)).toBe('aba');
  });

  test('are not tried again without an end where all are broken: only each minute', () => {
    const list = playlist('abc', { loop: true });
    let tries = 0;
    for (let nowMs = 0; nowMs < 600_000; nowMs += 1000) {
      for (let next = list.advance(nowMs); next; next = list.advance(nowMs)) {
        tries++;
        list.skip(next.id, 'it is gone', nowMs);
      }
      expect(list.retryAtMs).toBeGreaterThan(nowMs);
    }
    expect(tries).toBe(30);
  });

  test('are told of in bounds, those that were added last, and by whoever goes on the others are tried again', () => {
    const items = Array.from({ length: 1000 }, () => item('', { id: undefined as never }));
    const wanted = Playlist.begin({ kind: 'playlist', items, loop: true, shuffle: false }, 1);
    const list = Playlist.at(wanted, null);
    for (const [at, { id }] of items.entries()) list.skip(id, 'it is gone', at);
    const { skipped } = list.place;
    expect([skipped.length, skipped.at(-1)?.item]).toEqual([200, items.at(-1)?.id]);
    expect(list.place.skipped).toBe(skipped);
    expect(list.retryAtMs).toBe(60_000);
    list.skip(items[0]?.id ?? '', 'it is still gone', 2000);
    expect([list.retryAtMs, list.place.skipped.at(-1)?.atMs]).toEqual([60_001, 2000]);
    const { id } = Playlist.at(wanted, list.place).peek(2000) ?? {};
    expect(id).toBe(items[1]?.id);
  });

  test('end a list that is not looped', () => {
    const list = playlist('abc');
    for (let next = list.advance(0); next; next = list.advance(0)) list.skip(next.id, 'it is gone', 0);
    expect([list.current, list.peek(1e9), list.retryAtMs]).toEqual([null, null, null]);
  });

  test('can be jumped to', () => {
    const list = playlist('abc');
    list.skip(idOf('b'), 'it is gone', 0);
    list.jump(idOf('b'));
    expect([letters([list.current]), list.skipReason(idOf('b'))]).toEqual(['b', null]);
  });
});

describe('the room and the director', () => {
  test('come to the same orders, whichever of them goes on first', () => {
    const wanted = wantedShuffled('abcdef', 11);
    const director = Playlist.at(wanted, null);
    played(director, 6 * 4 + 2);
    const room = Playlist.at(wanted, director.place);
    expect(letters(room.items)).toBe(letters(director.items));
    expect(room.place).toEqual(director.place);
    expect(played(room, 30)).toBe(played(director, 30));
  });

  test('agree on what follows a change that was made a round behind', () => {
    const wanted = wantedShuffled('abcd', 3);
    const director = Playlist.at(wanted, null);
    played(director, 4);
    const room = Playlist.at(wanted, director.place);
    played(director, 1);
    room.add(items('x'), null);
    const changed = room.asWanted(wanted);
    director.adopt(changed);
    const again = Playlist.at(changed, director.place);
    expect(letters(again.items)).toBe(letters(director.items));
    expect([...letters(director.items)].sort().join('')).toBe('abcdx');
    expect(letters([director.current])).toBe(letters([again.current]));
  });

  test.each([
    { name: 'add', change: (l: Playlist) => l.add(items('x'), 2), follows: 'xcd-' },
    { name: 'move', change: (l: Playlist) => l.move(idOf('a'), 3), follows: 'cda-' },
    { name: 'remove of what was played', change: (l: Playlist) => l.remove(idOf('a')), follows: 'cd-' },
    { name: 'remove of what plays', change: (l: Playlist) => l.remove(idOf('b')), follows: 'cd-' },
    { name: 'move of what plays', change: (l: Playlist) => l.move(idOf('b'), 3), follows: '-' },
    { name: 'replace', change: (l: Playlist) => l.replace(items('xadby')), follows: 'y-' },
    { name: 'replace of what plays', change: (l: Playlist) => l.replace(items('xady')), follows: 'dy-' },
  ])('a change while it plays is adopted: $name', ({ change, follows }) => {
    const wanted = Playlist.begin({ kind: 'playlist', items: items('abcd'), loop: false, shuffle: false }, 0);
    const director = Playlist.at(wanted, null);
    played(director, 2);
    const room = Playlist.at(wanted, director.place);
    change(room);
    director.adopt(room.asWanted(wanted));
    expect(letters([director.current])).toBe('b');
    expect(played(director, follows.length)).toBe(follows);
  });

  test('what was taken out while it played does not come back once it was left', () => {
    const wanted = Playlist.begin({ kind: 'playlist', items: items('abc'), loop: true, shuffle: false }, 0);
    const director = Playlist.at(wanted, null);
    played(director, 2);
    const room = Playlist.at(wanted, director.place);
    room.remove(idOf('b'));
    const changed = room.asWanted(wanted);
    expect(changed.leaving).toBe(idOf('b'));
    director.adopt(changed);
    played(director, 1);
    // The room has not heard yet that it was left.
    director.adopt(changed);
    expect(played(director, 4)).toBe('acac');
  });
});
