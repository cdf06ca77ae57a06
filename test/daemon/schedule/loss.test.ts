import { expect, test } from 'vitest';
import { type Lost, lossOf, type News } from '../../../src/daemon/schedule/loss.ts';
import type { Put } from '../../../src/daemon/schedule/run.ts';

const broadcast = 'b-aaaaaaaaaa';
const id = 'c-aaaaaaaaaa';
const own: Put = { kind: 'broadcast', id: broadcast };
const run: Put = { kind: 'run', broadcast, id };
const slate: Put = { kind: 'slate', broadcast, command: 1 };

type Reason = Extract<News, { reason: unknown }>['reason'];

test.each<{ reason: Reason; own: Lost | null; run: Lost | null; slate: Lost | null }>([
  { reason: 'ended', own: { is: 'ended' }, run: { is: 'alone' }, slate: { is: 'alone' } },
  {
    reason: 'failed',
    own: { is: 'failed', message: 'it is damaged' },
    run: { is: 'alone' },
    slate: { is: 'alone' },
  },
  { reason: 'stopped', own: { is: 'stopped' }, run: { is: 'stopped' }, slate: { is: 'stopped' } },
  { reason: 'replaced', own: { is: 'replaced' }, run: { is: 'alone' }, slate: null },
  { reason: 'shutdown', own: null, run: null, slate: null },
])('A broadcast that is $reason', ({ reason, ...expected }) => {
  const news = { broadcast, reason, message: 'it is damaged' };
  const lost = (put: Put) => lossOf(put, news);
  expect({ own: lost(own), run: lost(run), slate: lost(slate) }).toEqual(expected);
  for (const put of [own, run, slate]) expect(lossOf(put, { ...news, broadcast: 'b-zzzzzzzzzz' })).toBeNull();
});

test.each<{ end: Extract<News, { end: unknown }>['end']; expected: Lost }>([
  { end: { is: 'ended' }, expected: { is: 'ended' } },
  { end: { is: 'failed', message: 'it is damaged' }, expected: { is: 'failed', message: 'it is damaged' } },
  { end: { is: 'removed' }, expected: { is: 'stopped' } },
])('What was put above a programme and is $end.is', ({ end, expected }) => {
  for (const kind of ['run', 'take'] as const)
    expect(lossOf({ ...run, kind }, { id, end })).toEqual(expected);
  for (const put of [own, slate, { ...run, id: 'c-zzzzzzzzzz' }]) expect(lossOf(put, { id, end })).toBeNull();
});
