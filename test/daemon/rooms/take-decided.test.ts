import { expect, test } from 'vitest';
import type { CandidateState } from '../../../src/contract/snapshot.ts';
import { newPart, opened, opening } from '../../../src/daemon/rooms/part.ts';
import { type BroadcastState, newBroadcast } from '../../../src/daemon/rooms/room-state.ts';
import {
  type Decision,
  isDecided,
  isReleased,
  isSeen,
  whyUnplaced,
} from '../../../src/daemon/rooms/take-decided.ts';
import { newCandidate, newWishes } from '../../../src/daemon/rooms/wishes.ts';
import { plannedBroadcast } from '../../helpers/planned-broadcast.ts';
import { seenBy, seenCandidate } from '../../helpers/seen.ts';

const file = { kind: 'file', path: '/talk.mp4', loop: false, audioTrack: null } as const;
const idFor = (letter: string) => `c-${letter.repeat(10)}`;
const away: CandidateState = { state: 'away', reason: 'nobody sends', sinceMs: 0 };
const over: CandidateState = { state: 'blocked', reason: null, againMs: null };
const noise: CandidateState = { state: 'blocked', reason: 'no frame', againMs: null };
const starting: CandidateState = { state: 'starting' };
const onAir: CandidateState = { state: 'onAir' };

interface Case {
  readonly name: string;
  /** Letters of what is wanted. */
  readonly wanted: string;
  readonly slate?: boolean;
  readonly seen: Readonly<Record<string, CandidateState>> | null;
  readonly revision?: number;
  /** An earlier opening has seen it. */
  readonly earlier?: boolean;
  readonly is: Decision;
}

function stateOf({ wanted: letters, slate = false, seen, revision = 5, earlier }: Case): BroadcastState {
  const chain = [...letters].map((one) => newCandidate(one === 'm' ? 'main' : 'take', file, idFor(one), 0));
  const wishes = newWishes(chain);
  const candidates = Object.entries(seen ?? {}).map(([one, is]) => seenCandidate(idFor(one), is));
  const told = seenBy({
    ...{ generation: 1, revision, atMs: 0, live: true, candidates },
    onAir: candidates.find(({ is }) => is.state === 'onAir')?.id ?? null,
  });
  const wanted = { ...wishes.wanted, slate, revision: 5 };
  const mark = { ...wishes, wanted, written: { take: 3 } };
  const programme = earlier ? newPart : opened(opening(newPart, 1, 0), 1, 0);
  return {
    ...newBroadcast(plannedBroadcast({}).broadcast, 'person', mark, 0),
    programme,
    seen: seen && told,
  };
}

test.each<Case>([
  { name: 'is on air', wanted: 'tm', seen: { t: onAir, m: starting }, is: 'yes' },
  { name: 'was on air and is opened again', wanted: 'tm', seen: { t: onAir }, earlier: true, is: 'no' },
  { name: 'is starting', wanted: 'tm', seen: { t: starting, m: onAir }, is: 'no' },
  { name: 'is not seen yet', wanted: 'tm', seen: null, is: 'no' },
  { name: 'is covered', wanted: 'tm', slate: true, seen: { t: starting, m: starting }, is: 'yes' },
  { name: 'is away', wanted: 'tm', seen: { t: away, m: onAir }, is: 'yes' },
  { name: 'is over', wanted: 'm', seen: { t: over, m: onAir }, is: 'yes' },
  { name: 'cannot be played', wanted: 'm', seen: { t: noise, m: onAir }, is: { failed: 'no frame' } },
  { name: 'was outdated as it started', wanted: 'um', seen: { t: starting, m: onAir }, is: 'superseded' },
  {
    name: 'was outdated as it was to begin',
    wanted: 'm',
    seen: { t: { state: 'ready' }, m: onAir },
    is: 'superseded',
  },
  { name: 'was outdated on air', wanted: 'm', seen: { t: onAir, m: starting }, is: 'yes' },
  { name: 'was outdated unseen', wanted: 'm', seen: { m: onAir }, is: 'superseded' },
])('A take that $name: $is', (one) => {
  expect(isDecided(stateOf(one), idFor('t'))).toEqual(one.is);
});

test.each<Case & { readonly number?: number }>([
  { name: 'is on air', wanted: 'm', seen: { m: onAir }, is: 'yes' },
  { name: 'was on air and is opened again', wanted: 'm', seen: { m: onAir }, earlier: true, is: 'no' },
  { name: 'follows what is still on air', wanted: 'm', seen: { m: starting, t: onAir }, is: 'no' },
  { name: 'is not told yet', wanted: 'm', revision: 4, seen: { m: onAir }, is: 'no' },
  { name: 'is not seen yet', wanted: 'm', seen: null, is: 'no' },
  { name: 'is away', wanted: 'm', seen: { m: away }, is: 'yes' },
  { name: 'has nothing but the slate', wanted: '', seen: {}, is: 'yes' },
  { name: 'is covered', wanted: 'm', slate: true, seen: { m: starting }, is: 'yes' },
  { name: 'is below another take', wanted: 'tm', number: 2, seen: { m: onAir }, is: 'superseded' },
])('A programme that $name: $is', (one) => {
  expect(isReleased(stateOf(one), { number: one.number ?? 3, revision: 5, sent: null })).toBe(one.is);
});

test.each<Omit<Case, 'is'> & { readonly placed?: number; readonly is: boolean }>([
  { name: 'was not followed yet', wanted: 'm', seen: { m: onAir }, revision: 4, is: false },
  { name: 'is on air', wanted: 'm', seen: { m: onAir }, is: true },
  { name: 'was on air and is opened again', wanted: 'm', seen: { m: onAir }, earlier: true, is: false },
  { name: 'is still covered', wanted: 'm', seen: { m: starting }, is: false },
  { name: 'is covered as wanted', wanted: 'm', slate: true, seen: { m: starting }, is: true },
  { name: 'is to be covered', wanted: 'm', slate: true, seen: { m: onAir }, is: false },
  { name: 'does not come for now', wanted: 'm', seen: { m: away }, is: true },
  { name: 'is not at its place', wanted: 'm', seen: { m: onAir }, placed: 0, is: false },
  { name: 'is at its place', wanted: 'm', seen: { m: onAir }, placed: 2, is: true },
])('What is wanted $name: $is', ({ placed = 2, is, ...one }) => {
  const state = stateOf({ ...one, is: 'no' });
  const chain = state.wishes.wanted.chain.map((candidate) => ({
    ...candidate,
    place: { serial: 2, item: null, positionMs: 9000 },
  }));
  const wishes = { ...state.wishes, wanted: { ...state.wishes.wanted, chain } };
  const seen = state.seen && {
    ...state.seen,
    candidates: state.seen.candidates.map((candidate) => ({ ...candidate, placed })),
  };
  expect(isSeen({ ...state, wishes, seen }, { number: 1, revision: 5, sent: null })).toBe(is);
});

test('A place that could not be had is the answer to who wanted that one, and to nobody else', () => {
  const state = stateOf({ name: '', wanted: 'tm', seen: { t: onAir, m: { state: 'ready' } }, is: 'yes' });
  const unplaced = { serial: 2, reason: 'nothing can be sought in it' };
  const candidates = state.seen?.candidates.map((one) =>
    one.id === idFor('m') ? { ...one, unplaced } : one,
  );
  const now = { ...state, seen: state.seen && { ...state.seen, candidates: candidates ?? [] } };
  expect(whyUnplaced(now, { id: idFor('m'), serial: 2 })).toBe(unplaced.reason);
  expect(whyUnplaced(now, { id: idFor('m'), serial: 3 })).toBe(null);
  expect(whyUnplaced(now, { id: idFor('t'), serial: 2 })).toBe(null);
});
