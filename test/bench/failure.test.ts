import { expect, test } from 'vitest';
import { attempt, type Context, within } from '../../bench/context.ts';
import { failureWords } from '../../bench/failure.ts';

test.each([
  {
    name: 'what an operator can mend',
    error: new Error('expected to watch, got 404'),
    words: /^expected to watch, got 404$/,
  },
  {
    name: 'what failed in a page',
    error: new Error('page.evaluate: it ended\n    at watch (eval:20:24)'),
    words: /^page.evaluate: it ended$/,
  },
  {
    name: 'what fetch met',
    error: new TypeError('fetch failed', { cause: new Error('connect ECONNREFUSED 127.0.0.1:9') }),
    words: /^fetch failed: connect ECONNREFUSED 127\.0\.0\.1:9$/,
  },
  {
    name: 'a fault of its own, with its place',
    error: new TypeError('x is no function'),
    words: /failure\.test\.ts/,
  },
])('failureWords of $name', ({ error, words }) => {
  expect(failureWords(error)).toMatch(words);
});

test('attempt tells of a part that failed, and lets the others be; what it has started is gone', async () => {
  await using scope = new AsyncDisposableStack();
  const told: string[] = [];
  const failed = (what: string, error: unknown) => told.push(`${what}: ${failureWords(error)}`);
  const context = { scope, signal: new AbortController().signal, failed } as unknown as Context;
  const found = await attempt(context, '60 viewers', async (inner) => {
    inner.scope.defer(() => void told.push('closed'));
    throw new Error('it ended with 1');
  });
  expect([found, await attempt(context, '150 viewers', async () => 1)]).toEqual([undefined, 1]);
  expect(told).toEqual(['closed', '60 viewers: it ended with 1']);
  await expect(within(context, () => Promise.reject(new Error('needed')))).rejects.toThrow('needed');
});

test('attempt goes on after no interruption', async () => {
  await using scope = new AsyncDisposableStack();
  const signal = AbortSignal.abort(new Error('interrupted by SIGINT'));
  const context = { scope, signal, failed: () => {} } as unknown as Context;
  await expect(attempt(context, 'x', () => Promise.reject(signal.reason))).rejects.toThrow('interrupted');
});
