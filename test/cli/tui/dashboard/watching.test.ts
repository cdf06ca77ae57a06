import { expect, onTestFinished, test, vi } from 'vitest';
import type { Client } from '../../../../src/cli/client.ts';
import { watchDaemon } from '../../../../src/cli/tui/dashboard/watching.ts';
import { MiroliveError } from '../../../../src/contract/errors.ts';

// Nobody waits here.
vi.mock('node:timers/promises', () => ({ setTimeout: async () => {} }));

/** A daemon of which a room cannot be observed at once. */
function away(...codes: ConstructorParameters<typeof MiroliveError>[0][]) {
  const observe = async function* ({ room }: { room?: string }, signal: AbortSignal) {
    const code = room === undefined ? undefined : codes.shift();
    if (code !== undefined) throw new MiroliveError(code, 'not now');
    yield { is: 'live', view: { rooms: {} } };
    await new Promise((resolve) => signal.addEventListener('abort', resolve));
  };
  const events = async function* (_params: unknown, { signal }: { signal: AbortSignal }) {
    await new Promise((resolve) => signal.addEventListener('abort', resolve));
  };
  return { observe, events } as unknown as Client;
}

test.each([
  { codes: ['DAEMON_UNREACHABLE', 'LIMIT_REACHED'], ends: false },
  { codes: ['CALL_NOT_FOUND'], ends: true },
] as const)('a room that is opened while nobody can tell of it is asked for again: $codes', async (one) => {
  const over = new AbortController();
  const told = vi.fn();
  const fail = vi.fn();
  const tell = (changes: (seen: never) => object) =>
    told(changes({ counts: new Map(), view: null } as never));
  const watching = watchDaemon(away(...one.codes), over.signal, { tell, fail });
  watching.follow('lobby');
  const isOpen = () => told.mock.calls.some(([{ whole }]) => whole);
  await vi.waitFor(() => expect(fail.mock.calls.length > 0 || isOpen()).toBe(true));
  expect([fail.mock.calls.length, isOpen()]).toEqual(one.ends ? [1, false] : [0, true]);
  over.abort();
});

test.each([
  { name: 'put back meanwhile', byMs: -3_600_000, leastMs: 0 },
  { name: 'further than the other after a sleep', byMs: 1_200_000, leastMs: 1_200_000 },
])(
  'events are asked for from the last that was heard, though the wall clock is $name',
  async ({ byMs, leastMs }) => {
    vi.useFakeTimers({ toFake: ['Date'] });
    onTestFinished(() => void vi.useRealTimers());
    const over = new AbortController();
    const asked: number[] = [];
    const heard = { type: 'room.opened', at: '2026-01-02T03:04:05.000Z' };
    const events = async function* ({ sinceMs }: { sinceMs: number }, { signal }: { signal: AbortSignal }) {
      asked.push(sinceMs);
      yield heard;
      if (asked.length > 1) yield { ...heard, at: '2026-01-02T03:24:05.000Z' };
      if (asked.length > 1) await new Promise((resolve) => signal.addEventListener('abort', resolve));
      vi.setSystemTime(Date.now() + byMs);
    };
    const client = { ...away(), events } as unknown as Client;
    let seen: readonly unknown[] = [];
    watchDaemon(client, over.signal, {
      tell: (changes) => {
        const { events: told } = changes({ events: seen, counts: new Map(), view: null } as never);
        seen = told ?? seen;
      },
      fail: () => {},
    });
    await vi.waitFor(() => expect(seen).toHaveLength(2));
    expect(asked[0]).toBeGreaterThanOrEqual(600_000);
    expect(asked.every((ms) => Number.isInteger(ms) && ms >= 0)).toBe(true);
    expect(asked[1]).toBeGreaterThanOrEqual(leastMs);
    over.abort();
  },
);
