import { expect, it } from 'vitest';
import { settingChoices, settingFromText } from '../../src/contract/setting-from-text.ts';

it.each<{ key: string; text: string; expected: unknown }>([
  { key: 'hold', text: '10s', expected: '10s' },
  { key: 'alwaysOn', text: 'true', expected: true },
  { key: 'audio.loudness', text: '-18', expected: -18 },
  { key: 'audio.loudness', text: 'off', expected: 'off' },
  { key: 'slate.text', text: 'Back at nine: bring tea', expected: 'Back at nine: bring tea' },
  { key: 'slate.text', text: '2026', expected: '2026' },
  { key: 'slate.text', text: 'null', expected: null },
  { key: 'slate.text', text: "'null'", expected: 'null' },
  { key: 'fallback', text: '[publisher: b, slate]', expected: [{ publisher: 'b' }, 'slate'] },
  { key: 'slate', text: '{ kind: card }', expected: { kind: 'card' } },
  { key: 'alwaysOn', text: 'maybe', expected: 'maybe' },
  { key: 'nonsense', text: '5', expected: 5 },
])('$key=$text means $expected', ({ key, text, expected }) => {
  expect(settingFromText(key, text)).toEqual(expected);
});

it('a key has choices where they can be counted', () => {
  expect(settingChoices('failback')).toEqual(['auto', 'manual']);
  expect(settingChoices('alwaysOn')).toEqual(['true', 'false']);
  expect(settingChoices('content.black')).toEqual(['off']);
  expect([settingChoices('hold'), settingChoices('nonsense')]).toEqual([[], []]);
});
