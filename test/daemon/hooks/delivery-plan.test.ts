import { describe, expect, test } from 'vitest';
import {
  connectionsFor,
  isBack,
  type Outcome,
  outcomeOf,
  receiverAfter,
  waitAfter,
  wellReceiver,
} from '../../../src/daemon/hooks/delivery-plan.ts';

const wallMs = Date.UTC(2026, 0, 1);
const away: Outcome = { is: 'away', status: null, problem: 'nobody answers', retryAfterMs: null };
const refused: Outcome = { is: 'refused', status: 500, problem: 'it answered 500', retryAfterMs: null };
const taken: Outcome = { is: 'taken', status: 204 };
const fared = (outcomes: readonly Outcome[]) =>
  outcomes.reduce((state, outcome) => receiverAfter(state, outcome, 1000, 0), wellReceiver);

describe('an answer', () => {
  test.each([
    { status: 200, retryAfter: undefined, expected: { is: 'taken' } },
    { status: 299, retryAfter: undefined, expected: { is: 'taken' } },
    { status: 302, retryAfter: undefined, expected: { is: 'refused' } },
    { status: 400, retryAfter: '7', expected: { is: 'refused', retryAfterMs: null } },
    { status: 410, retryAfter: undefined, expected: { is: 'gone' } },
    { status: 500, retryAfter: undefined, expected: { is: 'refused' } },
    { status: 429, retryAfter: '7', expected: { is: 'away', retryAfterMs: 7000 } },
    {
      status: 503,
      retryAfter: 'Thu, 01 Jan 2026 00:01:00 GMT',
      expected: { is: 'away', retryAfterMs: 60_000 },
    },
    { status: 503, retryAfter: 'Wed, 31 Dec 2025 00:01:00 GMT', expected: { is: 'away', retryAfterMs: 0 } },
    { status: 503, retryAfter: '999999999', expected: { is: 'away', retryAfterMs: 3_600_000 } },
    { status: 503, retryAfter: 'soon', expected: { is: 'away', retryAfterMs: null } },
    { status: 504, retryAfter: undefined, expected: { is: 'away' } },
  ])('of $status, Retry-After: $retryAfter is $expected.is', ({ status, retryAfter, expected }) => {
    expect(outcomeOf(status, retryAfter, wallMs)).toMatchObject({ ...expected, status });
  });
});

describe('a receiver', () => {
  test('that is away is left alone as a whole, longer each time, up to half a minute', () => {
    const waits = [1, 2, 3, 8, 100].map((times) => fared(Array(times).fill(away)).notBeforeMs - 1000);
    expect(waits).toEqual([500, 1000, 2000, 30_000, 30_000]);
  });

  test('is left alone for as long as it asks', () => {
    expect(fared([{ ...away, retryAfterMs: 90_000 }]).notBeforeMs).toBe(91_000);
  });

  const asks = (seconds: number): Outcome => ({ ...away, status: 429, retryAfterMs: seconds * 1000 });
  test.each([
    { name: 'asks for less', outcomes: [asks(90), asks(1)], forMs: 90_000 },
    { name: 'asks for more', outcomes: [asks(1), asks(90)], forMs: 90_000 },
    { name: 'does not say it again', outcomes: [asks(90), away, away], forMs: 90_000 },
    { name: 'refuses something', outcomes: [asks(90), refused], forMs: 90_000 },
    { name: 'takes what was on its way', outcomes: [asks(90), taken], forMs: 90_000 },
    { name: 'asks for less after that', outcomes: [asks(90), taken, asks(7)], forMs: 90_000 },
    { name: 'is away and asks for nothing', outcomes: [away], forMs: null },
  ])('that asked to be left alone and then $name', ({ outcomes, forMs }) => {
    const { pausedUntilMs, notBeforeMs } = fared(outcomes);
    expect(pausedUntilMs).toBe(forMs === null ? 0 : 1000 + forMs);
    expect(notBeforeMs).toBeGreaterThanOrEqual(pausedUntilMs);
  });

  test('that takes something once its time is over is well', () => {
    const asked = receiverAfter(wellReceiver, asks(90), 1000, 0);
    expect(receiverAfter(asked, taken, 90_999, 0)).toMatchObject({ failures: 0, notBeforeMs: 91_000 });
    expect(receiverAfter(asked, taken, 91_000, 0)).toEqual(wellReceiver);
    expect(receiverAfter(asked, { is: 'gone', status: 410, problem: 'it answered 410' }, 1000, 0)).toEqual(
      wellReceiver,
    );
  });

  test('that refuses single things is sent the others at once; one that refuses all is left alone', () => {
    expect(fared([refused]).notBeforeMs).toBe(1000);
    expect(fared([refused, taken, refused, refused]).notBeforeMs).toBe(1000);
    expect(fared(Array(5).fill(refused)).notBeforeMs).toBe(1000);
    expect(fared(Array(7).fill(refused)).notBeforeMs).toBe(2000);
  });

  test('that takes something is well, and is looked at with one connection until then', () => {
    expect(fared([away, away, taken])).toEqual(wellReceiver);
    expect([connectionsFor(wellReceiver), connectionsFor(fared([away]))]).toEqual([4, 1]);
  });

  test('that was away for long gets at once what stood aside', () => {
    expect([isBack(fared([away, away])), isBack(fared(Array(6).fill(away)))]).toEqual([false, true]);
  });
});

describe('what was not taken', () => {
  test('stays in its place while its receiver is away, and stands aside after three tries', () => {
    expect([1, 2, 3, 20].map((tries) => waitAfter(away, tries, tries, 0))).toEqual([0, 0, 4000, 30_000]);
  });

  test('is tried less and less often where others are taken meanwhile', () => {
    expect([4, 8, 20].map((tries) => waitAfter(away, tries, 1, 0))).toEqual([4000, 64_000, 3_600_000]);
  });

  test('is tried less and less often where it is refused itself: about forty times in a day', () => {
    let [passedMs, tries] = [0, 0];
    while (passedMs < 86_400_000) passedMs += waitAfter(refused, ++tries, tries, 0.5);
    expect(tries).toBeGreaterThan(30);
    expect(tries).toBeLessThan(45);
  });
});
