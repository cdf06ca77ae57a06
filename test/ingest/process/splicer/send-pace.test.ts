import { describe, expect, test } from 'vitest';
import { SendPace } from '../../../../src/ingest/process/splicer/send-pace.ts';

describe('SendPace waits', () => {
  test.each([
    { name: 'for what has just begun', atMs: [0, 0, 0], expected: 2000 },
    { name: 'for pictures of which too few came', atMs: [0, 1000, 2000], expected: 2000 },
    { name: 'for the next of pictures a second apart', atMs: [0, 1000, 2010, 3010], expected: 1000 },
    {
      name: 'for what leaves at once',
      atMs: [0, 0.1, 1000, 1000.2, 2000, 2000.1, 3000, 3000.3],
      expected: 1000,
    },
    { name: 'for nothing of what comes all the time', atMs: [0, 40, 80, 120], expected: 0 },
    { name: 'for nothing where one came late', atMs: [0, 40, 80, 900, 940], expected: 0 },
    { name: 'for less where pictures have become more', atMs: [0, 1000, 2000, 3000, 3040], expected: 0 },
  ])('$name', ({ atMs, expected }) => {
    const pace = new SendPace();
    for (const ms of atMs) pace.note(ms);
    expect(pace.usualMs).toBe(expected);
  });
});
