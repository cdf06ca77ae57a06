import { describe, expect, test } from 'vitest';
import type { PlaylistItem } from '../../../src/contract/models.ts';
import { Playlist, type PlaylistOptions } from '../../../src/contract/playlist/playlist.ts';
import { itemDurationMs, playlistState } from '../../../src/daemon/rooms/playlist-state.ts';
import { idOf, item, items } from '../../contract/playlist/items.ts';

describe('itemDurationMs', () => {
  const cases: {
    name: string;
    changes: Partial<PlaylistItem>;
    sourceMs: number | null;
    expected: number | null;
  }[] = [
    { name: 'the whole source', changes: {}, sourceMs: 9000, expected: 9000 },
    { name: 'from a place on', changes: { fromMs: 2000 }, sourceMs: 9000, expected: 7000 },
    {
      name: 'from a place to another',
      changes: { fromMs: 2000, toMs: 5000 },
      sourceMs: 9000,
      expected: 3000,
    },
    { name: 'to a place behind the end', changes: { toMs: 20_000 }, sourceMs: 9000, expected: 9000 },
    { name: 'from a place behind the end', changes: { fromMs: 20_000 }, sourceMs: 9000, expected: 0 },
    { name: 'for a time', changes: { forMs: 4000 }, sourceMs: 9000, expected: 4000 },
    {
      name: 'for a time beyond the end',
      changes: { forMs: 20_000, fromMs: 1000 },
      sourceMs: 9000,
      expected: 8000,
    },
    { name: 'of a source of unknown length', changes: { fromMs: 1000 }, sourceMs: null, expected: null },
    {
      name: 'of one of unknown length, to a place',
      changes: { fromMs: 1000, toMs: 3000 },
      sourceMs: null,
      expected: 2000,
    },
    {
      name: 'of one of unknown length, for a time',
      changes: { forMs: 3000 },
      sourceMs: null,
      expected: 3000,
    },
    {
      name: 'of a looped source',
      changes: { source: { kind: 'file', path: '/a.mp4', loop: true, audioTrack: null } },
      sourceMs: 9000,
      expected: null,
    },
  ];
  test.each(cases)('$name', ({ changes, sourceMs, expected }) => {
    expect(itemDurationMs(item('a', changes), sourceMs)).toBe(expected);
  });
});

const nowMs = Date.UTC(2026, 0, 2, 20, 0, 0);
const at = (clock: string) => `2026-01-02T${clock}.000Z`;

/** Letter, state, and when it starts, of each item; a minute each, the current one of which half is left. */
function rows(
  list: Playlist,
  { remainingMs = 30_000, unknown = '' }: { remainingMs?: number | null; unknown?: string } = {},
) {
  const known = list.items.filter(({ id }) => !unknown.includes(id[2] ?? ''));
  const began = list.index === null ? [] : list.items.slice(0, list.index + 1);
  const beganMs = new Map(
    began.toReversed().map(({ id }, before) => [id, nowMs - 30_000 - before * 60_000] as const),
  );
  const found = list.items.map(({ id }) => {
    const durationMs = known.some((one) => one.id === id) ? 60_000 : null;
    return [id, { durationMs, beganMs: beganMs.get(id) ?? null }] as const;
  });
  const state = playlistState(list, {
    nowMs,
    remainingMs,
    waitedFor: null,
    found: new Map(found),
  });
  return state.items.map(
    ({ item: id, state: how, startsAt }) => `${id[2]} ${how} ${startsAt?.slice(11, 19) ?? '-'}`,
  );
}

function started(list: string, times: number, options: Partial<PlaylistOptions> = {}): Playlist {
  const made = new Playlist({ items: items(list), loop: false, shuffle: false, ...options });
  for (let i = 0; i < times; i++) made.advance(nowMs);
  return made;
}

describe('playlistState', () => {
  test('says what was played and when, what plays, what is next, and when each starts', () => {
    expect(rows(started('abcd', 2))).toEqual([
      'a played 19:58:30',
      'b playing 19:59:30',
      'c next 20:00:30',
      'd waiting 20:01:30',
    ]);
  });

  test.each(['card', 'picture'] as const)('a %s among others is shown for ten seconds', (kind) => {
    const source =
      kind === 'card'
        ? ({ kind, title: 'Next', text: '' } as const)
        : ({ kind: 'file', path: '/logo.PNG', loop: false, audioTrack: null } as const);
    const seen = (list: Playlist) =>
      playlistState(list, { nowMs, remainingMs: null, waitedFor: null, found: new Map() }).items.map(
        ({ durationMs, startsAt }) => [durationMs, startsAt],
      );
    const options = { loop: false, shuffle: false };
    const still = item('a', { source });
    expect(seen(new Playlist({ items: [still, item('b')], ...options }))).toEqual([
      [10_000, at('20:00:00')],
      [null, at('20:00:10')],
    ]);
    expect(seen(new Playlist({ items: [still], ...options }))).toEqual([[null, at('20:00:00')]]);
    const shown = item('a', { source, forMs: 3000 });
    expect(seen(new Playlist({ items: [shown, item('b')], ...options }))[0]?.[0]).toBe(3000);
  });

  test('of what was put in before what plays, it says that it waits', () => {
    const list = started('abc', 2);
    const found = new Map(['a', 'b'].map((letter) => [idOf(letter), { durationMs: null, beganMs: nowMs }]));
    list.add(items('x'), 1);
    const { items: seen } = playlistState(list, { nowMs, remainingMs: null, waitedFor: null, found });
    expect(seen.map(({ item: id, state }) => `${id[2]} ${state}`)).toEqual([
      ...['a played', 'x waiting', 'b playing', 'c next'],
    ]);
  });

  test('before the beginning, the first is next', () => {
    expect(rows(started('ab', 0))).toEqual(['a next 20:00:00', 'b waiting 20:01:00']);
  });

  test('after the end, nothing is next', () => {
    expect(rows(started('ab', 3))).toEqual(['a played -', 'b played -']);
  });

  test('knows no more times behind an item of unknown length', () => {
    expect(rows(started('abcd', 1), { unknown: 'b' })).toEqual([
      'a playing 19:59:30',
      'b next 20:00:30',
      'c waiting -',
      'd waiting -',
    ]);
    expect(rows(started('ab', 1), { remainingMs: null })).toEqual(['a playing 19:59:30', 'b next -']);
  });

  test('passes over what is skipped, and says why', () => {
    const list = started('abcd', 1);
    list.skip(idOf('b'), 'it is gone', nowMs);
    expect(rows(list)).toEqual([
      'a playing 19:59:30',
      'b skipped -',
      'c next 20:00:30',
      'd waiting 20:01:30',
    ]);
    const state = playlistState(list, {
      nowMs,
      remainingMs: null,
      waitedFor: null,
      found: new Map(),
    });
    expect(state.items.map(({ reason }) => reason)).toEqual([null, 'it is gone', null, null]);
  });

  test('an item that was chosen and turned out to be broken does not play', () => {
    const list = started('abc', 1);
    list.jump(idOf('b'));
    list.skip(idOf('b'), 'it is gone', nowMs);
    const state = playlistState(list, {
      nowMs,
      remainingMs: null,
      waitedFor: null,
      found: new Map(),
    });
    expect(state.index).toBe(null);
    expect(state.items.map(({ state: how }) => how)).toEqual(['played', 'skipped', 'next']);
  });

  test('at the end of a looped list the first is next', () => {
    expect(rows(started('abc', 3, { loop: true }))).toEqual([
      'a next 20:00:30',
      'b played 19:58:30',
      'c playing 19:59:30',
    ]);
    expect(rows(started('a', 1, { loop: true }))).toEqual(['a playing 19:59:30']);
  });

  test('says that a removed item plays to its end', () => {
    const list = started('ab', 1);
    list.remove(idOf('a'));
    const state = playlistState(list, {
      nowMs,
      remainingMs: 1000,
      waitedFor: null,
      found: new Map(),
    });
    expect(state).toMatchObject({
      ...{ index: 0, round: 0, loop: false, shuffle: false },
      items: [
        { state: 'playing', reason: 'removed: it plays to its end' },
        { state: 'next', reason: null, startsAt: at('20:00:01') },
      ],
    });
  });

  test('calls items by their title, else by their source', () => {
    const list = new Playlist({
      items: [item('a', { title: 'Welcome' }), item('b')],
      loop: false,
      shuffle: false,
    });
    const state = playlistState(list, {
      nowMs,
      remainingMs: null,
      waitedFor: null,
      found: new Map(),
    });
    expect(state.items.map(({ words }) => words)).toEqual(['Welcome', 'b.mp4']);
  });
});
