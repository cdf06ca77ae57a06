import { expect, test } from 'vitest';
import { paced } from '../../../src/cli/program/paced.ts';
import { VirtualClock } from '../../helpers/virtual-clock.ts';

/** Tells what it is given, as soon as it is, until it is ended. */
function source(signal: AbortSignal) {
  const waiting: string[] = [];
  let wake = () => {};
  let failure: Error | null = null;
  signal.addEventListener('abort', () => wake());
  return {
    tell(...values: string[]) {
      waiting.push(...values);
      wake();
    },
    fail(error: Error) {
      failure = error;
      wake();
    },
    async *values() {
      while (!signal.aborted) {
        const value = waiting.shift();
        if (value !== undefined) yield value;
        else if (failure) throw failure;
        else await new Promise<void>((resolve) => (wake = resolve));
      }
    },
  };
}

function pacing() {
  const clock = new VirtualClock(0);
  const over = new AbortController();
  const from = source(over.signal);
  const given: string[] = [];
  const pace = { clock, everyMs: 250, againMs: 1000 };
  const done = (async () => {
    for await (const value of paced(from.values(), pace, over.signal))
      given.push(`${clock.nowMs()} ${value}`);
  })();
  return { clock, over, from, given, done };
}

test('Of what comes fast the latest is given, four times a second', async () => {
  const { clock, over, from, given, done } = pacing();
  for (let at = 0; at < 1000; at += 20) {
    from.tell(`${at}`);
    await clock.pass(20);
  }
  expect(given).toEqual(['0 0', '250 240', '500 480', '750 740', '1000 980']);
  over.abort();
  await done;
  expect(clock.timers).toBe(0);
});

test('What stays is given again each second, and what is new at once', async () => {
  const { clock, over, from, given, done } = pacing();
  await clock.pass(5000);
  from.tell('one');
  await clock.pass(3000);
  from.tell('two');
  await clock.pass(10);
  expect(given).toEqual(['5000 one', '6250 one', '7500 one', '8000 two']);
  over.abort();
  await done;
  expect(clock.timers).toBe(0);
});

test('What it fails with is thrown behind the last of what came', async () => {
  const { clock, from, given, done } = pacing();
  const failed = expect(done).rejects.toThrow('gone');
  from.tell('one');
  await clock.pass(10);
  from.tell('two');
  from.fail(new Error('gone'));
  await clock.pass(1000);
  await failed;
  expect(given).toEqual(['0 one', '250 two']);
  expect(clock.timers).toBe(0);
});
