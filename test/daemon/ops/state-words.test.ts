import { expect, test } from 'vitest';
import { stateWords } from '../../../src/daemon/ops/state-words.ts';

test.each([
  { figures: {}, words: '0 on air, 0 watching, 0 publishing' },
  { figures: { broadcasts: 2, viewers: 31, publishers: 1 }, words: '2 on air, 31 watching, 1 publishing' },
  { figures: { broadcasts: 30, starting: 18 }, words: '12 of 30 on air, 0 watching, 0 publishing' },
])('systemctl status says: $words', ({ figures, words }) => {
  expect(stateWords(figures)).toBe(words);
});
