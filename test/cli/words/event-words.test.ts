import { expect, test } from 'vitest';
import { eventWords, switchWords } from '../../../src/cli/words/event-words.ts';
import { slateEvent } from '../samples.ts';

const slate = { entry: 'slate', words: 'slate' };
const cam = { entry: 'take', words: 'cam' };

test.each([
  { name: 'a take', from: cam, insteadOf: null, reason: 'away', why: 'cam is away' },
  { name: 'the slate for a take', from: slate, insteadOf: cam, reason: 'away', why: 'cam is away' },
  { name: 'the slate for a take', from: slate, insteadOf: cam, reason: 'ended', why: 'cam has ended' },
  {
    name: 'the slate',
    from: slate,
    insteadOf: null,
    reason: 'away',
    why: 'what was on air before it is away',
  },
] as const)('a change from $name says whether it is $reason', ({ from, insteadOf, reason, why }) => {
  const to = { entry: 'main', words: 'talk.mp4' };
  const words = switchWords({ ...slateEvent, from, to, insteadOf, reason });
  expect(words).toBe(`on air now: talk.mp4 (main); ${why}`);
});

test('events say since when they are complete', () => {
  const at = '2026-01-02T12:00:00.000Z';
  const now = Date.parse(at);
  expect(eventWords({ type: 'events.open', at, from: at }, now)).toBe('listening');
  const from = '2026-01-02T11:00:00.000Z';
  const time = new Date(from).toLocaleTimeString('en-GB');
  expect(eventWords({ type: 'events.open', at, from }, now)).toBe(`what is remembered since ${time}`);
});
