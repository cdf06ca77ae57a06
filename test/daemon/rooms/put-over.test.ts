import { expect, test } from 'vitest';
import { type Source, source } from '../../../src/contract/models.ts';
import type { CandidateState } from '../../../src/contract/snapshot.ts';
import { type PutOver, putsOver } from '../../../src/daemon/rooms/put-over.ts';
import { newCandidate, newWishes } from '../../../src/daemon/rooms/wishes.ts';
import { seenBy, seenCandidate } from '../../helpers/seen.ts';

const talk: Source = source.parse({ kind: 'file', path: '/talk.mp4' });
const main = newCandidate('main', talk, 'c-mmmmmmmmmm', 0);
const id = 'c-rrrrrrrrrr';

test.each<{ name: string; is: CandidateState | null; expected: PutOver['end'] }>([
  { name: 'played to its end', is: blocked(null, null), expected: { is: 'ended' } },
  {
    name: 'not playable',
    is: blocked('it is damaged', null),
    expected: { is: 'failed', message: 'it is damaged' },
  },
  { name: 'taken away while it played', is: { state: 'onAir' }, expected: { is: 'removed' } },
  {
    name: 'taken away while it was to be tried again',
    is: blocked('gone', 5000),
    expected: { is: 'removed' },
  },
  { name: 'taken away before it was seen', is: null, expected: { is: 'removed' } },
])('What was put above a programme and is there no more was $name', ({ is, expected }) => {
  const candidates = is ? [seenCandidate(id, is)] : [];
  const seen = seenBy({ generation: 1, revision: 1, atMs: 0, onAir: null, live: true, candidates });
  for (const name of ['run', 'take'] as const) {
    const before = { wishes: newWishes([newCandidate(name, talk, id, 0), main]), seen };
    expect(putsOver(before, { wishes: newWishes([main]), seen })).toEqual([{ id, end: expected }]);
    expect(putsOver(before, before)).toEqual([]);
  }
});

function blocked(reason: string | null, againMs: number | null): CandidateState {
  return { state: 'blocked', reason, againMs };
}
