import { expect, test, vi } from 'vitest';
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
