import { describe, expect, test } from 'vitest';
import type { Control } from '../../../src/contract/control.ts';
import { type Source, source } from '../../../src/contract/models.ts';
import type { Seen, SeenCandidate } from '../../../src/contract/snapshot.ts';
import {
  ask,
  commit,
  follow,
  heldOver,
  listedCandidate,
  newCandidate,
  newWishes,
  type Wish,
  type Wishes,
} from '../../../src/daemon/rooms/wishes.ts';
import { idOf, items, letters } from '../../contract/playlist/items.ts';
import { seenBy, seenCandidate } from '../../helpers/seen.ts';

const talk: Source = source.parse({ kind: 'file', path: '/talk.mp4' });
const news: Source = source.parse({ kind: 'file', path: '/news.mp4' });
const camera: Source = { kind: 'publisher', key: 'cam1' };
const nowMs = 1_000_000;

const idFor = (letter: string) => `c-${letter.repeat(10)}`;
const single = () => newWishes([newCandidate('main', talk, idFor('m'), 0)]);
const list = (names: string, loop = false) =>
  newWishes([
    newCandidate('main', { kind: 'playlist', items: items(names), loop, shuffle: false }, idFor('m'), 0),
  ]);

function see(
  wishes: Wishes,
  letter: string | null,
  changes: Partial<SeenCandidate> = {},
  atMs = nowMs,
): Seen {
  const onAir = letter === null ? null : idFor(letter);
  const candidates = wishes.wanted.chain.map(({ id }) =>
    seenCandidate(
      id,
      { state: id === onAir ? 'onAir' : 'idle' },
      id === (onAir ?? idFor('m')) ? changes : {},
    ),
  );
  return seenBy({ generation: 0, revision: 0, atMs, onAir, live: true, candidates });
}

/** Carries commands out, each as soon as it comes. */
function told(wishes: Wishes, seen: Seen | null, ...commands: Wish[]): Wishes {
  return commands.reduce((before, command) => {
    const { wishes: asked, number } = ask(before);
    return commit(asked, command, number, seen, nowMs);
  }, wishes);
}

const take = (what: Source, letter: string): Wish => ({
  type: 'take',
  source: what,
  id: idFor(letter),
  seed: 0,
});
const main = ({ wanted }: Wishes) => wanted.chain.find(({ name }) => name === 'main');
const order = ({ wanted }: Wishes) => wanted.chain.map(({ name, id }) => `${name} ${id[2]}`).join(', ');

describe('the last command wins', () => {
  test('slate on stays, though a take that was asked for before it is carried out after it', () => {
    const begun = single();
    const slow = ask(begun);
    const covered = told(slow.wishes, see(begun, 'm'), { type: 'slate', on: true });
    const after = commit(covered, take(news, 't'), slow.number, see(begun, 'm'), nowMs);
    expect([order(after), after.wanted.slate]).toEqual(['take t, main m', true]);
  });

  test('a take that was asked for last ends the slate', () => {
    const after = told(single(), null, { type: 'slate', on: true }, take(news, 't'));
    expect([order(after), after.wanted.slate]).toEqual(['take t, main m', false]);
  });

  test.each<{ name: string; later: Wish; kept: string }>([
    { name: 'a quicker one', later: take(camera, 'u'), kept: 'take u, main m' },
    { name: 'take programme', later: { type: 'release' }, kept: 'main m' },
  ])('a slow take does not undo $name that came after it', ({ later, kept }) => {
    const slow = ask(single());
    const quick = told(slow.wishes, null, later);
    const late = () => commit(quick, take(news, 't'), slow.number, null, nowMs);
    expect(late).toThrow(expect.objectContaining({ code: 'SUPERSEDED' }));
    expect(order(quick)).toBe(kept);
  });

  test('on different fields all hold', () => {
    const seen = see(single(), 'm');
    const after = told(
      single(),
      seen,
      { type: 'pause' },
      { type: 'mute', on: true },
      { type: 'volume', percent: 40 },
      { type: 'slate', on: true },
    );
    expect(after.wanted).toMatchObject({ slate: true, muted: true, volumePercent: 40, revision: 4 });
    expect(main(after)?.paused).toBe(true);
    expect(main(told(after, seen, { type: 'slate', on: false }))?.paused).toBe(true);
  });

  test('take programme ends takes, slate and pauses, and nothing else', () => {
    const seen = see(single(), 'm');
    const before = told(single(), seen, { type: 'pause' }, { type: 'mute', on: true }, take(news, 't'));
    const after = told(before, seen, { type: 'slate', on: true }, { type: 'release' });
    expect([order(after), after.wanted.slate, main(after)?.paused, after.wanted.muted]).toEqual([
      'main m',
      false,
      false,
      true,
    ]);
  });
});

describe('places', () => {
  const at = (changes: Partial<SeenCandidate>) => see(single(), 'm', changes);
  const step: Control = { type: 'seekBy', offsetMs: 30_000 };
  const cases: { name: string; seen: Seen | null; commands: Wish[]; expected: number }[] = [
    { name: 'seek', seen: at({}), commands: [{ type: 'seek', positionMs: 70_000 }], expected: 70_000 },
    { name: 'three steps at once add up', seen: at({}), commands: [step, step, step], expected: 90_000 },
    { name: 'a step from where it is', seen: at({ positionMs: 5000 }), commands: [step], expected: 35_000 },
    {
      name: 'a step from where it will be by now',
      seen: see(single(), 'm', { positionMs: 5000 }, nowMs - 400),
      commands: [step],
      expected: 35_400,
    },
    {
      name: 'a step from where it is held',
      seen: see(single(), 'm', { positionMs: 5000 }, nowMs - 400),
      commands: [{ type: 'pause' }, step],
      expected: 35_000,
    },
    {
      name: 'a step beyond the end',
      seen: at({ endMs: 40_000 }),
      commands: [step, step],
      expected: 39_500,
    },
    {
      name: 'a step before the beginning',
      seen: at({ positionMs: 1000 }),
      commands: [{ type: 'seekBy', offsetMs: -5000 }],
      expected: 0,
    },
    { name: 'before anything was seen', seen: null, commands: [step], expected: 30_000 },
    {
      name: 'a step after one that was gone to',
      seen: at({ placed: 1, positionMs: 31_000 }),
      commands: [step],
      expected: 61_000,
    },
  ];
  test.each(cases)('$name', ({ seen, commands, expected }) => {
    expect(main(told(single(), seen, ...commands))?.place?.positionMs).toBe(expected);
  });

  test('pause and seek: held, at the new place', () => {
    const after = told(single(), at({}), { type: 'pause' }, { type: 'seek', positionMs: 9000 });
    expect(main(after)).toMatchObject({ paused: true, place: { serial: 1, item: null, positionMs: 9000 } });
  });

  test.each<{ name: string; wishes: Wishes; seen: Seen; command: Wish; message: string; hint: string }>([
    {
      name: 'beyond the end',
      wishes: single(),
      seen: at({ endMs: 20_000 }),
      command: { type: 'seek', positionMs: 5_940_000 },
      message: 'expected a place before 0:20, where talk.mp4 ends, got 1:39:00',
      hint: 'Name a place before its end',
    },
    {
      name: 'in what comes at its own pace',
      wishes: single(),
      seen: at({ seekable: false }),
      command: { type: 'pause' },
      message: 'expected a file to pause, on air is talk.mp4',
      hint: 'Put another source on air: mirolive take FILE --room ROOM',
    },
    {
      name: 'in a camera that was taken',
      wishes: told(single(), null, take(camera, 't')),
      seen: see(told(single(), null, take(camera, 't')), 't', { seekable: false }),
      command: { type: 'pause' },
      message: 'expected a file to pause, on air is cam1',
      hint: 'Go back to the programme first: mirolive take programme --room ROOM',
    },
    {
      name: 'in a camera below the slate',
      wishes: told(single(), null, take(camera, 't'), { type: 'slate', on: true }),
      seen: {
        ...at({}),
        onAir: null,
        candidates: [seenCandidate(idFor('t'), { state: 'ready' }, { seekable: false })],
      },
      command: step,
      message: 'expected a file to seek, below the slate is cam1',
      hint: 'See what can be played below it: mirolive programme --room ROOM',
    },
  ])('refused: $name', ({ wishes, seen, command, message, hint }) => {
    expect(() => told(wishes, seen, command)).toThrow(
      expect.objectContaining({ code: 'NOT_SEEKABLE', message, hint }),
    );
  });
});

describe('under the slate', () => {
  const covered = (wishes: Wishes) => told(wishes, null, { type: 'slate', on: true });
  const steps: Wish[] = [
    { type: 'seek', positionMs: 4000 },
    { type: 'seekBy', offsetMs: 1000 },
    { type: 'pause' },
  ];

  test('the programme is moved and held, and the slate stays', () => {
    const wishes = covered(single());
    const { wanted } = told(wishes, see(wishes, null), ...steps);
    expect(wanted).toMatchObject({
      slate: true,
      chain: [{ name: 'main', place: { positionMs: 5000 }, paused: true }],
    });
  });

  test('a take is moved and held, not the programme below it', () => {
    const wishes = covered(told(single(), null, take(news, 't')));
    const { wanted } = told(wishes, see(wishes, null), ...steps);
    expect(wanted.chain).toMatchObject([
      { name: 'take', place: { positionMs: 5000 }, paused: true },
      { name: 'main', place: null, paused: false },
    ]);
  });
});

describe('playlists', () => {
  const playing = (wishes: Wishes, letter: string, changes: Partial<SeenCandidate> = {}) =>
    see(wishes, 'm', { item: idOf(letter), index: 'abcd'.indexOf(letter), ...changes });
  const next: Wish = { type: 'next' };
  const itemsOf = (wishes: Wishes) => {
    const found = main(wishes)?.source;
    return found?.kind === 'playlist' ? letters(found.items) : '';
  };

  test('three steps at once go three items on', () => {
    const begun = list('abcd');
    expect(main(told(begun, playing(begun, 'a'), next, next, next))?.place).toEqual({
      serial: 3,
      item: idOf('d'),
      positionMs: null,
    });
  });

  test('a step and one back stay', () => {
    const begun = list('abcd');
    const after = told(begun, playing(begun, 'b'), next, { type: 'previous' });
    expect(main(after)?.place?.item).toBe(idOf('b'));
  });

  test('seek goes to a place in the item that is about to play', () => {
    const begun = list('abcd');
    const seen = playing(begun, 'a', { endMs: 5000, seekable: false });
    const after = told(begun, seen, next, { type: 'seek', positionMs: 9000 });
    expect(main(after)?.place).toEqual({ serial: 2, item: idOf('b'), positionMs: 9000 });
  });

  test('edits add up, and what plays is left to play when it is taken out', () => {
    const begun = list('abc');
    const after = told(
      begun,
      playing(begun, 'b'),
      { type: 'add', items: items('x'), at: null },
      { type: 'move', item: idOf('x'), to: 0 },
      { type: 'remove', item: idOf('b') },
    );
    expect(itemsOf(after)).toBe('xabc');
    expect(main(after)?.source).toMatchObject({ leaving: idOf('b') });
    const left = see(after, 'm', { item: idOf('c'), index: 2 });
    expect(itemsOf(follow(after, left))).toBe('xac');
  });

  test('its items are others at once, below what is taken', () => {
    const begun = list('abc');
    const taken: Wish = take({ kind: 'playlist', items: items('xy'), loop: false, shuffle: false }, 't');
    const after = told(begun, playing(begun, 'b'), taken, { type: 'replace', items: items('cd') });
    expect(itemsOf(after)).toBe('bcd');
    expect(main(after)?.source).toMatchObject({ leaving: idOf('b') });
    expect(after.wanted.chain[0]?.source).toMatchObject({ items: items('xy') });
  });

  test('nothing is behind the last one', () => {
    const begun = list('ab');
    expect(() => told(begun, playing(begun, 'b'), next)).toThrow(
      expect.objectContaining({ code: 'INVALID_REQUEST' }),
    );
  });

  test('a looped list begins again', () => {
    const begun = list('ab', true);
    expect(main(told(begun, playing(begun, 'b'), next))?.source).toMatchObject({ round: 1 });
  });

  test('there is none', () => {
    expect(() => told(single(), null, next)).toThrow(expect.objectContaining({ code: 'NO_PLAYLIST' }));
  });

  test('the one on air is changed, else the first there is', () => {
    const taken: Wish = take({ kind: 'playlist', items: items('xy'), loop: false, shuffle: false }, 't');
    const both = told(list('ab'), null, taken);
    expect(listedCandidate(both.wanted, null)?.name).toBe('take');
    expect(listedCandidate(both.wanted, see(both, 'm'))?.name).toBe('main');
  });
});

describe('what was seen', () => {
  const over = { is: { state: 'blocked', reason: null, againMs: null } } as const;
  const seenWith = (wishes: Wishes, onAir: string | null, id: string, changes: Partial<SeenCandidate>) => {
    const seen = see(wishes, onAir);
    return {
      ...seen,
      candidates: seen.candidates.map((one) => (one.id === idFor(id) ? { ...one, ...changes } : one)),
    };
  };

  test('a take that is over is no longer wanted', () => {
    const taken = told(single(), null, take(news, 't'));
    expect(order(follow(taken, seenWith(taken, 'm', 't', over)))).toBe('main m');
  });

  test('what was taken before stays until the next take is on air', () => {
    const first = told(single(), null, take(news, 't'));
    const both = told(first, see(first, 't'), take(camera, 'u'));
    expect(order(both)).toBe('take u, take t, main m');
    expect(follow(both, see(both, 't'))).toBe(both);
    expect(order(follow(both, see(both, 'u')))).toBe('take u, main m');
  });

  test('what was taken before goes on where the next take fails', () => {
    const first = told(single(), null, take(news, 't'));
    const both = told(first, see(first, 't'), take(camera, 'u'));
    expect(order(follow(both, seenWith(both, 't', 'u', over)))).toBe('take t, main m');
  });

  test('the main source stays wanted, whatever becomes of it', () => {
    const begun = single();
    expect(follow(begun, seenWith(begun, null, 'm', over))).toBe(begun);
  });

  test('nothing is changed where nothing is outdated: the same value', () => {
    const begun = told(list('abc'), null, { type: 'mute', on: true });
    expect(follow(begun, see(begun, 'm', { item: idOf('a'), index: 0 }))).toBe(begun);
  });

  test('candidates that are not changed stay the same objects', () => {
    const begun = list('abc');
    const after = told(begun, null, { type: 'volume', percent: 50 });
    expect(after.wanted.chain[0]).toBe(begun.wanted.chain[0]);
  });
});

test.each([
  { since: 0, slate: true, volumePercent: 40, muted: true },
  { since: 2, slate: true, volumePercent: 100, muted: true },
  { since: 3, slate: true, volumePercent: 100, muted: false },
  { since: Infinity, slate: false, volumePercent: 100, muted: false },
])('What was wanted of a room after command $since holds for what comes next in it', ({ since, ...held }) => {
  const commands: Wish[] = [
    ...[take(camera, 't'), { type: 'volume', percent: 40 } as const],
    ...[{ type: 'mute', on: true } as const, { type: 'slate', on: true } as const],
  ];
  const before = told(single(), null, ...commands);
  const next = heldOver(before, list('ab'), since);
  expect(next.wanted).toMatchObject({ ...held, chain: [{ name: 'main' }], revision: 0 });
  const again = told(next, null, { type: 'mute', on: false });
  expect([again.written.mute, again.wanted.muted]).toEqual([5, false]);
});
