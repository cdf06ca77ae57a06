import { styleText } from 'node:util';
import { expect, it } from 'vitest';
import { textWidth } from '../../../src/cli/words/text-width.ts';

const red = (text: string) => styleText('red', text, { validateStream: false });

it.each([
  ['', 0],
  ['lobby ~', 7],
  [red('live'), 4],
  ['é', 1],
  ['e\u0301', 1],
  ['舞台', 4],
  [`${red('舞台')} 1`, 6],
  ['👩‍🚀', 2],
])('textWidth of %j is %i', (text, width) => expect(textWidth(text)).toBe(width));
