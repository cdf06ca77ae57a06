import { styleText } from 'node:util';
import stringWidth from 'string-width';
import { expect, it } from 'vitest';
import { cutToWidth, textWidth } from '../../../src/cli/words/text-width.ts';

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

// Each of those that are counted without a look at Unicode.
it('textWidth of what screens are drawn with is what Unicode says', () => {
  const signs = '·×–…←↑→↓─━│┃└┬╿▀▁▂▃▄▅▆▇█░▲▸▼○●✓✗';
  for (const sign of signs) expect(textWidth(sign), sign).toBe(stringWidth(sign));
  for (let code = 0x2190; code < 0x2718; code++) {
    const text = String.fromCharCode(code);
    expect(textWidth(text), text).toBe(stringWidth(text));
  }
});

it.each([
  ['lobby', 5, 'lobby'],
  ['lobby', 4, 'lob…'],
  ['● lobby', 4, '● l…'],
  ['舞台裏', 4, '舞…'],
  ['lobby', 1, '…'],
  [red('lobby'), 3, red('lo…')],
])('cutToWidth of %j to %i columns is %j', (text, columns, cut) => {
  expect(cutToWidth(text, columns)).toBe(cut);
});
