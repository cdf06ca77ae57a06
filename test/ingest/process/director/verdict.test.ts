import { expect, test } from 'vitest';
import {
  type CandidateIs,
  missedForMs,
  reasonOf,
} from '../../../../src/ingest/process/director/candidate-is.ts';
import { judge } from '../../../../src/ingest/process/director/verdict.ts';

const nowMs = 100_000;
const graceMs = 10_000;

function candidate(name: string, is: CandidateIs, items = 1, short: string | null = null, grows = false) {
  const more = {
    name,
    words: name,
    is,
    reason: reasonOf(is),
    playlist: { items: Array(items).fill('item'), grows },
    player: { short },
  };
  return { ...more, missedForMs: (atMs: number) => missedForMs(is, atMs) };
}
const away = (forMs: number): CandidateIs => ({
  ...{ state: 'away', proves: false, reason: 'it has gone', sinceMs: nowMs - forMs, againMs: nowMs },
});
const onAir: CandidateIs = { state: 'onAir', sinceMs: 0, missedMs: null, ending: false };
const over: CandidateIs = { state: 'blocked', reason: null, sinceMs: 0, againMs: null };
const gone = { message: 'nothing came of main for 10 s: it has gone' };

test.each<{
  name: string;
  main: CandidateIs;
  take?: CandidateIs;
  coveredMs?: number;
  items?: number;
  short?: string;
  grows?: boolean;
  expected: unknown;
}>([
  { name: 'goes on while its source is there', main: onAir, expected: null },
  { name: 'is over with its source', main: over, expected: { message: null } },
  { name: 'says where its source was cut', main: over, short: 'cut', expected: { message: 'main: cut' } },
  { name: 'is over where what was taken is over too', main: over, take: over, expected: { message: null } },
  { name: 'goes on while what was taken may come', main: over, take: { state: 'starting' }, expected: null },
  {
    name: 'is over where that has been away for long',
    main: over,
    take: away(11_000),
    expected: { message: null },
  },
  { name: 'goes on while its source may be back', main: away(9000), expected: null },
  { name: 'waits for files of an empty folder', main: away(11_000), grows: true, expected: null },
  { name: 'fails where that has been away for long', main: away(11_000), expected: gone },
  { name: 'goes on meanwhile with what covers that', main: away(11_000), coveredMs: nowMs, expected: null },
  {
    name: 'goes on where that was there just now',
    main: away(60_000),
    coveredMs: nowMs - 9000,
    expected: null,
  },
  { name: 'goes on with the next item of its list', main: away(11_000), items: 2, expected: null },
])('A programme $name', ({ main, take, coveredMs = 0, items = 1, short, grows, expected }) => {
  const first = candidate('main', main, items, short, grows);
  const chain = [...(take ? [candidate('take', take)] : []), first];
  expect(judge({ main: first, chain }, coveredMs, graceMs, nowMs)).toEqual(expected);
});
