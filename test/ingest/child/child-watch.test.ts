import { expect, test } from 'vitest';
import { ChildWatch, lookMs, type Verdict } from '../../../src/ingest/child/child-watch.ts';

const MiB = 1024 ** 2;
const bounds = { silenceMs: 5000, endMs: 1500, maxMemoryBytes: 100 * MiB };

/** What happens in one look after another: it is heard of or not, and takes so many MiB. */
interface Course {
  readonly name: string;
  readonly readyAfter: number | null;
  readonly heard: (look: number) => boolean;
  readonly memory: (look: number) => number | null;
  /** How long it has waited for a CPU of each look, in ms. Default: not at all. */
  readonly waits?: number | null;
  readonly expected: { readonly afterMs: number; readonly verdict: Verdict } | null;
}

const always = () => true;
const never = () => false;
const little = () => 50;

const courses: readonly Course[] = [
  { name: 'works', readyAfter: 1, heard: always, memory: little, expected: null },
  { name: 'is late now and then', readyAfter: 1, heard: (n) => n % 9 === 0, memory: little, expected: null },
  { name: 'takes 19 s to begin', readyAfter: 38, heard: always, memory: little, expected: null },
  {
    ...{ name: 'never begins, though its loop turns', readyAfter: null, heard: always, memory: little },
    expected: { afterMs: 20_500, verdict: { cause: 'spun', message: 'it was not ready within 20 s' } },
  },
  {
    ...{ name: 'says nothing once it has begun', readyAfter: 1, heard: never, memory: little },
    expected: { afterMs: 5500, verdict: { cause: 'spun', message: 'it did not answer for 5 s' } },
  },
  {
    ...{ name: 'hangs after a minute', readyAfter: 1, heard: (n) => n < 120, memory: little },
    expected: { afterMs: 64_500, verdict: { cause: 'spun', message: 'it did not answer for 5 s' } },
  },
  {
    ...{ name: 'grows', readyAfter: 1, heard: always, memory: (n) => 50 + n },
    expected: {
      afterMs: 25_500,
      verdict: { cause: 'grew', message: 'it took more than 100 MiB of memory' },
    },
  },
  {
    ...{ name: 'grows while it begins', readyAfter: null, heard: never, memory: () => 101 },
    expected: { afterMs: 500, verdict: { cause: 'grew', message: 'it took more than 100 MiB of memory' } },
  },
  {
    ...{ name: 'takes a minute to begin on a busy machine', readyAfter: 120, waits: 400 },
    ...{ heard: always, memory: little, expected: null },
  },
  {
    ...{ name: 'is late by 20 s now and then on a busy machine', readyAfter: 1, waits: 400 },
    ...{ heard: (n) => n % 40 === 0, memory: little, expected: null },
  },
  {
    ...{ name: 'spins on a busy machine', readyAfter: 1, waits: 400, heard: never, memory: little },
    expected: { afterMs: 25_500, verdict: { cause: 'spun', message: 'it did not answer for 5 s' } },
  },
  {
    ...{ name: 'says nothing where it hardly gets a CPU', readyAfter: 1, waits: 499 },
    ...{ heard: never, memory: little },
    expected: { afterMs: 30_500, verdict: { cause: 'spun', message: 'it did not answer for 5 s' } },
  },
  {
    ...{ name: 'cannot be looked into', readyAfter: 1, heard: always, memory: () => null, waits: null },
    expected: null,
  },
];

test.each(courses)('A process that $name', ({ readyAfter, heard, memory, waits = 0, expected }) => {
  const watch = new ChildWatch(bounds);
  let found: Course['expected'] = null;
  for (let look = 1; look <= 1000 && !found; look++) {
    if (look === readyAfter) watch.ready();
    if (heard(look)) watch.heard();
    const mebibytes = memory(look);
    const verdict = watch.look({
      memoryBytes: mebibytes === null ? null : mebibytes * MiB,
      waitedMs: waits === null ? null : waits * look,
    });
    if (verdict) found = { afterMs: look * lookMs, verdict };
  }
  expect(found).toEqual(expected);
});

test.each([
  { code: 0, signal: null, memory: 10, expected: ['crashed', 'it ended with code 0'] },
  { code: null, signal: 'SIGSEGV', memory: 90, expected: ['crashed', 'it was ended by SIGSEGV'] },
  { code: null, signal: 'SIGKILL', memory: 79, expected: ['killed', 'it was ended by SIGKILL'] },
  { code: null, signal: 'SIGKILL', memory: 81, expected: ['grew', 'it was ended by SIGKILL'] },
] as const)(
  'Ended by $code $signal at $memory of 100 MiB, it $expected.0',
  ({ code, signal, memory, expected: [cause, message] }) => {
    const watch = new ChildWatch(bounds);
    watch.look({ memoryBytes: memory * MiB, waitedMs: 0 });
    expect(watch.howItEnded(code, signal)).toEqual({ cause, message });
  },
);
