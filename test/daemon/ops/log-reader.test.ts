import { expect, test } from 'vitest';
import { LogMemory } from '../../../src/daemon/ops/log-memory.ts';
import { readLog } from '../../../src/daemon/ops/log-reader.ts';
import { VirtualClock } from '../../helpers/virtual-clock.ts';

test('for who does not read on, no more is held than the bound, and he is told', async () => {
  const memory = new LogMemory();
  const gone = new AbortController();
  const asked = { sinceMs: 0, level: 'info', room: null, follow: true } as const;
  const lines = readLog({ memory, file: null, clock: new VirtualClock() }, asked, gone.signal);
  expect((await lines.next()).value).toMatchObject({ type: 'open' });
  let looked = 0;
  const line = JSON.stringify({ level: 30, time: '2026-01-01T00:00:00Z', msg: 'x'.repeat(1_000_000) });
  const seen = JSON.parse;
  JSON.parse = (...given) => {
    looked += 1;
    return seen(...given);
  };
  try {
    for (let count = 0; count < 20; count++) memory.note(line);
  } finally {
    JSON.parse = seen;
  }
  expect(looked).toBeLessThanOrEqual(5);
  await expect(lines.next()).rejects.toThrow('this reader of the log reads too slowly');
});
