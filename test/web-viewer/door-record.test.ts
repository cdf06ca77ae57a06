import { afterEach, expect, test, vi } from 'vitest';
import { doorRecord, keepDoorRecord } from '../../src/web-viewer/door-record.ts';

const key = 'mirolive-pass-lobby';
const store = (items: Map<string, string>, isFull = false) =>
  vi.stubGlobal('localStorage', {
    getItem: (name: string) => items.get(name) ?? null,
    setItem(name: string, value: string) {
      if (isFull) throw new DOMException('full', 'QuotaExceededError');
      items.set(name, value);
    },
  });
afterEach(() => vi.unstubAllGlobals());

test('what is known at the door is changed bit by bit, in one place', () => {
  const items = new Map([[key, 'mlg_x']]);
  store(items);
  expect(doorRecord(key)).toEqual({ link: '', refused: '' });
  expect(keepDoorRecord(key, { refused: 'mlg_x' })).toBe(true);
  expect(keepDoorRecord(key, { link: 'mll_aaaaaa' })).toBe(true);
  expect(doorRecord(key)).toEqual({ link: 'mll_aaaaaa', refused: 'mlg_x' });
  expect([...items.keys()]).toEqual([key, `${key}-door`]);
});

test.each(['', 'mll_a', 'a b c', '{"link":1}'])('of %j nothing is known', (text) => {
  store(new Map([[`${key}-door`, text]]));
  expect(doorRecord(key)).toEqual({ link: '', refused: '' });
});

test('it is told where a browser keeps nothing', () => {
  store(new Map(), true);
  expect(keepDoorRecord(key, { link: 'mll_aaaaaa' })).toBe(false);
  vi.unstubAllGlobals();
  expect(keepDoorRecord(key, { link: 'mll_aaaaaa' })).toBe(false);
});
