import { expect, test } from 'vitest';
import { switchWords } from '../../../src/cli/words/event-words.ts';
import { slateEvent } from '../samples.ts';

test.each([
  { from: { entry: 'take', words: 'cam' }, why: 'cam is away' },
  { from: { entry: 'slate', words: 'slate' }, why: 'what was on air before it is away' },
])('switchWords from $from.entry', ({ from, why }) => {
  const to = { entry: 'main', words: 'talk.mp4' };
  expect(switchWords({ ...slateEvent, from, to })).toBe(`on air now: talk.mp4 (main); ${why}`);
});
