import { expect, test } from 'vitest';
import { roomSection } from '../../src/contract/room-config.ts';
import { shownText } from '../../src/contract/shown-text.ts';

test.each([
  ['Town hall', null],
  ['<b>bold</b> & "quoted"', null],
  ['שלום, أهلا, 你好 👩‍👩‍👧', null],
  ['ten chars…', null],
  ['', 'expected words'],
  [' \u00a0 ', 'expected words'],
  ['\u200b\u2060', 'expected words'],
  ['\u3164', 'expected words'],
  ['🙋', null],
  ['two\nlines', 'expected one line'],
  ['a bell\u0007', 'expected one line'],
  ['half of a pair \ud83d', 'expected one line'],
  ['a separator \u2028', 'expected one line'],
  ['turned \u202egpj.exe', 'expected no marks that turn the direction of writing'],
  ['isolated \u2067abc', 'expected no marks that turn the direction of writing'],
])('%j is shown, or refused: %s', (text, expected) => {
  expect(shownText(40).safeParse(text).error?.issues[0]?.message ?? null).toBe(expected);
});

test('what is shown has a length', () => {
  expect(shownText(3).safeParse('abc').success).toBe(true);
  expect(shownText(3).safeParse('abcd').success).toBe(false);
});

test.each([
  ['de', true],
  ['pt-BR', true],
  ['zh-Hant-TW', true],
  ['de"><script>', false],
  ['de de', false],
  ['german', false],
  ['', false],
  [`de${'-abcdefgh'.repeat(4)}`, false],
])('%j is a language of a room: %s', (language, expected) => {
  expect(roomSection.safeParse({ language }).success).toBe(expected);
});
