import { describe, expect, test } from 'vitest';
import type { Source } from '../../../src/contract/models.ts';
import type { ProgrammeEntry } from '../../../src/contract/programme-state.ts';
import type { ItemFact, Seen } from '../../../src/contract/snapshot.ts';
import { broadcastModel, noStats } from '../../../src/daemon/rooms/broadcast.ts';
import { newPart, opened, opening } from '../../../src/daemon/rooms/part.ts';
import { overState, programmeState, soughtPlace } from '../../../src/daemon/rooms/programme-state.ts';
import { type BroadcastState, newBroadcast } from '../../../src/daemon/rooms/room-state.ts';
import { found, programmeLost, wished } from '../../../src/daemon/rooms/transitions.ts';
import { ask, commit, newCandidate, newWishes } from '../../../src/daemon/rooms/wishes.ts';
import { idOf, items } from '../../contract/playlist/items.ts';
import { plannedBroadcast } from '../../helpers/planned-broadcast.ts';
import { seenBy, seenCandidate } from '../../helpers/seen.ts';

const main = 'c-mmmmmmmmmm';
const talk: Source = { kind: 'file', path: '/talk.mp4', loop: false, audioTrack: null };
const list: Source = { kind: 'playlist', items: items('abc'), loop: false, shuffle: false };
const nowMs = Date.UTC(2026, 0, 2, 20, 0, 0);
const open = opened(opening(newPart, 1, 0), 1, 0);

function broadcastOf(source: Source, seen: Partial<Seen> | null): BroadcastState {
  const wishes = newWishes([newCandidate('main', source, main, 0)]);
  const begun = newBroadcast(
    { ...plannedBroadcast({ source }).broadcast, words: 'talk.mp4' },
    'person',
    wishes,
    0,
  );
  const facts = { generation: 1, revision: 0, atMs: nowMs, onAir: main, live: true };
  const candidates = [seenCandidate(main, { state: 'onAir' })];
  const known = seen && { ...seenBy({ ...facts, candidates }), ...seen };
  return { ...begun, seen: known, programme: known ? open : newPart };
}

const stateOf = (state: BroadcastState) => programmeState(state, nowMs);

describe('programmeState', () => {
  test('of one that is opened the first time: what is preferred starts', () => {
    expect(stateOf(broadcastOf(talk, null))).toMatchObject({
      onAir: { entry: 'nothing', words: 'talk.mp4: starting' },
      entries: [
        { entry: 'main', state: 'starting' },
        { entry: 'slate', state: 'starting' },
      ],
    });
  });

  test('shows what is wanted before it is seen', () => {
    const { wishes, ...state } = broadcastOf(talk, {});
    const asked = ask(wishes);
    const muted = commit(asked.wishes, { type: 'mute', on: true }, asked.number, state.seen, nowMs);
    const taking = { type: 'take', source: talk, id: 'c-tttttttttt', seed: 0 } as const;
    const taken = commit(muted, taking, asked.number, state.seen, nowMs);
    expect(stateOf({ ...state, wishes: taken })).toMatchObject({
      ...{ muted: true, onAir: { entry: 'main' } },
      entries: [
        { entry: 'take', state: 'starting' },
        { entry: 'main', state: 'onAir' },
        { entry: 'slate', state: 'ready' },
      ],
    });
  });

  test('says what is wanted over everything, before it is seen', () => {
    const { wishes, ...state } = broadcastOf(talk, {});
    const taking = { type: 'take', source: talk, id: 'c-tttttttttt', seed: 0 } as const;
    const taken = commit(wishes, taking, 1, state.seen, nowMs);
    const covered = commit(taken, { type: 'slate', on: true }, 2, state.seen, nowMs);
    const wantedOf = (now: typeof wishes) => stateOf({ ...state, wishes: now }).wanted;
    expect([wishes, taken, covered].map(wantedOf)).toEqual([
      { slate: false, take: null },
      { slate: false, take: 'talk.mp4' },
      { slate: true, take: 'talk.mp4' },
    ]);
  });

  test.each([
    { name: 'a file', seekable: true, place: { item: null, positionMs: 319_000 } },
    { name: 'what comes at its own pace', seekable: false, place: null },
    { name: 'what nobody has looked at', seekable: null, place: null },
  ])('says where $name goes on', ({ seekable, place }) => {
    const candidates = [seenCandidate(main, { state: 'ready' }, { positionMs: 319_000, seekable })];
    const state = broadcastOf(talk, { candidates, onAir: null });
    expect(stateOf(state).entries[0]?.place).toEqual(place);
  });

  test.each([
    { is: 'is held', unheld: false, expected: true },
    { is: 'has no picture to be held at, and plays on', unheld: true, expected: false },
  ])('of one that $is', ({ unheld, expected }) => {
    const { wishes, ...state } = broadcastOf(talk, {
      candidates: [seenCandidate(main, { state: 'onAir' }, { unheld })],
    });
    const held = commit(wishes, { type: 'pause' }, 1, state.seen, nowMs);
    expect(stateOf({ ...state, wishes: held }).paused).toBe(expected);
  });

  test.each([
    { lacks: [], advice: null },
    { lacks: ['video'], advice: 'no picture from main' },
    { lacks: ['audio'], advice: 'no sound from main' },
    { lacks: ['video', 'audio'], advice: 'no picture and no sound from main' },
  ] as const)('says what is missing of what is on air: $advice', ({ lacks, advice }) => {
    const state = broadcastOf(talk, { candidates: [seenCandidate(main, { state: 'onAir' }, { lacks })] });
    expect(stateOf(state).entries[0]?.lacks).toEqual(lacks);
    expect(broadcastModel(state, { name: 'lobby', watchUrl: '', viewers: [] }).advice).toBe(advice);
  });

  test('lists what is not wanted any more as long as it is on air', () => {
    const outgoing: ProgrammeEntry = {
      ...{ entry: 'take', words: 'other.mp4', reason: null, lost: null, lacks: [], plan: null, place: null },
      ...{ kind: 'file', state: 'onAir' },
    };
    const state = broadcastOf(talk, { outgoing });
    expect(stateOf(state).entries.map(({ entry }) => entry)).toEqual(['main', 'take', 'slate']);
    expect(stateOf({ ...state, programme: newPart }).entries).toHaveLength(2);
  });

  test('lists what was taken and is released as long as it is on air, also before its director tells', () => {
    const { wishes, ...state } = broadcastOf(talk, {});
    const take = 'c-tttttttttt';
    const taken = commit(wishes, { type: 'take', source: talk, id: take, seed: 0 }, 1, state.seen, nowMs);
    const candidates = [seenCandidate(take, { state: 'onAir' }), seenCandidate(main, { state: 'ready' })];
    const { seen } = broadcastOf(talk, { candidates, onAir: take });
    const onAir = { ...state, seen, wishes: taken };
    const released = wished(onAir, commit(taken, { type: 'release' }, 2, seen, nowMs));
    const entriesOf = (one: BroadcastState) =>
      stateOf(one).entries.map(({ entry, state: is }) => `${entry} ${is}`);
    expect(entriesOf(onAir)).toEqual(['take onAir', 'main ready', 'slate ready']);
    expect(entriesOf(released)).toEqual(['main ready', 'take onAir', 'slate ready']);
    const left = { ...released, seen: seen && { ...seen, onAir: main } };
    expect(entriesOf(left)).toEqual(['main ready', 'slate ready']);
    expect(entriesOf({ ...released, programme: newPart })).toHaveLength(2);
  });

  test.each([
    { name: 'without a process', programme: newPart },
    { name: 'opened again', programme: opened(opening(newPart, 2, 0), 2, 0) },
  ])('what an opening before this one has seen is not so any more: $name', ({ programme }) => {
    const state = { ...broadcastOf(talk, {}), programme };
    const onAir = { entry: 'nothing', words: 'the programme is being opened again' };
    expect(stateOf(state)).toMatchObject({ onAir, entries: [{ state: 'starting' }, { state: 'starting' }] });
    expect(broadcastModel(state, { name: 'lobby', watchUrl: '', viewers: [] }).onAir).toMatchObject(onAir);
  });

  test('what plays goes on by the clock, not for long without being heard of, and not without a process', () => {
    const candidates = [seenCandidate(main, { state: 'onAir' }, { positionMs: 60_000 })];
    const state = broadcastOf(talk, { candidates });
    const placeAfter = (ms: number, programme = open) =>
      programmeState({ ...state, programme }, nowMs + ms).entries[0]?.place?.positionMs;
    expect([placeAfter(700), placeAfter(40_000), placeAfter(700, newPart)]).toEqual([60_700, 62_000, 60_000]);
  });

  test('without a process nothing is measured', () => {
    const state = {
      ...broadcastOf(talk, {}),
      stats: { ...noStats, positionMs: 60_000, fps: 30, bitrateBps: 1 },
    };
    const lost = programmeLost(state, 1, { nowMs, chance: 0 });
    expect(lost.stats).toEqual({ ...noStats, positionMs: 60_000 });
  });

  test('of one that is over: nothing of it is on air', () => {
    expect(overState(broadcastOf(talk, {}), nowMs)).toMatchObject({
      onAir: { entry: 'nothing', words: 'the broadcast is over' },
      entries: [{ state: 'idle' }, { state: 'idle' }],
    });
  });

  test('says why the slate is the card', () => {
    const state = broadcastOf(talk, { slateProblem: 'there is no clip' });
    expect(stateOf(state).entries.at(-1)).toMatchObject({ entry: 'slate', reason: 'there is no clip' });
  });
});

describe('programmeState of a playlist', () => {
  const at = seenCandidate(
    main,
    { state: 'onAir' },
    { item: idOf('a'), index: 0, positionMs: 20_000, endMs: 60_000 },
  );
  const minute = (beganMs: number | null): ItemFact => ({ durationMs: 60_000, beganMs });
  const known = found(broadcastOf(list, { candidates: [at] }), main, {
    ...{ [idOf('a')]: minute(nowMs - 20_000), [idOf('b')]: minute(null), 'i-zzzzzzzzzz': minute(null) },
  });
  const rows = (state: BroadcastState) =>
    stateOf(state).playlist?.items.map(
      ({ item, state: is, startsAt }) => `${item[2]} ${is} ${startsAt?.slice(11, 19) ?? '-'}`,
    );

  test('says when items begin, by where it is and what was found out of them', () => {
    expect(rows(known)).toEqual(['a playing 19:59:40', 'b next 20:00:40', 'c waiting 20:01:40']);
  });

  test('says where it goes on, and where it was sent before it is there', () => {
    const { wishes, ...state } = broadcastOf(list, {
      candidates: [{ ...at, is: { state: 'ready' } }],
      onAir: null,
    });
    const placeOf = (now: typeof wishes) => stateOf({ ...state, wishes: now }).entries[0]?.place;
    expect(placeOf(wishes)).toEqual({ item: 'a.mp4', positionMs: 20_000 });
    const next = commit(wishes, { type: 'next' }, 1, state.seen, nowMs);
    expect(placeOf(next)).toEqual({ item: 'b.mp4', positionMs: 0 });
  });

  test('what was found out is kept while it is opened again, and forgotten with the item', () => {
    expect(rows({ ...known, programme: newPart })).toEqual(['a waiting 19:59:40', 'b next -', 'c waiting -']);
    expect(stateOf({ ...known, programme: newPart }).playlist?.items.map((one) => one.durationMs)).toEqual([
      60_000,
      60_000,
      null,
    ]);
    expect([...(known.found.get(main)?.keys() ?? [])]).toEqual([idOf('a'), idOf('b')]);
  });

  test('of an item that something else covers says what', () => {
    const covered = { ...at, is: { state: 'ready' } } as const;
    const shown = { entry: 'take', words: 'cam1', since: '' };
    const state = broadcastOf(list, { candidates: [covered], onAir: null, shown });
    expect(stateOf(state).playlist).toMatchObject({
      index: null,
      items: [{ state: 'waiting', reason: 'cam1 is on air' }, { state: 'next' }, {}],
    });
  });

  test('of an item that gives nothing says what it waits for', () => {
    const waits = {
      ...at,
      is: { state: 'away', reason: 'nobody publishes', sinceMs: 0 },
      waits: true,
    } as const;
    expect(stateOf(broadcastOf(list, { candidates: [waits] })).playlist).toMatchObject({
      index: null,
      items: [{ state: 'waiting', reason: 'nobody publishes' }, {}, {}],
    });
  });
});

test('What is sought below the slate is told of what goes there, not of what is missing before it', () => {
  const fallback = 'c-ffffffffff';
  const standby: Source = { kind: 'file', path: '/standby.mp4', loop: true, audioTrack: null };
  const wishes = newWishes([
    newCandidate('main', talk, main, 0),
    newCandidate('fallback-1', standby, fallback, 0),
  ]);
  const candidates = [
    seenCandidate(main, { state: 'blocked', reason: 'no frame in it', againMs: nowMs + 1000 }),
    seenCandidate(fallback, { state: 'ready' }),
  ];
  const state = { ...broadcastOf(talk, { onAir: null, candidates }), wishes };
  const asked = ask(wishes);
  const sought = commit(asked.wishes, { type: 'seek', positionMs: 600_000 }, asked.number, state.seen, nowMs);
  expect(soughtPlace(wishes.wanted, { ...state, wishes: sought }, nowMs)).toEqual({
    ...{ entry: 'fallback-1', words: 'standby.mp4', positionMs: 600_000 },
  });
  expect(soughtPlace(sought.wanted, { ...state, wishes: sought }, nowMs)).toBeNull();
});
