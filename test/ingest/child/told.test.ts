import { expect, test } from 'vitest';
import * as z from 'zod';
import { cutTexts, nonsense, refusalOf } from '../../../src/ingest/child/told.ts';

const long = 'x'.repeat(2 ** 16);
const deep = (levels: number) => {
  let value: unknown = 1;
  for (let level = 0; level < levels; level++) value = { in: value };
  return value;
};
const circle: { in?: unknown } = {};
circle.in = [circle];

test.each([
  { name: 'nothing', message: null, refusal: null },
  { name: 'a long text', message: { a: [long] }, refusal: null },
  {
    name: 'a list of skipped items',
    message: Array(10_000).fill({ item: 'i', reason: 'why' }),
    refusal: null,
  },
  { name: 'a longer text', message: { a: [`${long}x`] }, refusal: 'a text in it is too long' },
  { name: 'a longer name', message: { [`${long}x`]: 1 }, refusal: 'a text in it is too long' },
  { name: 'many texts', message: Array(600).fill(long), refusal: 'it is too long' },
  { name: 'bytes', message: { a: Buffer.alloc(2 ** 26) }, refusal: 'it is too long' },
  { name: 'many values', message: Array(500_001).fill(1), refusal: 'it is too long' },
  { name: 'a list of four thousand million', message: Array(2 ** 32 - 1), refusal: 'it is too long' },
  { name: 'what is deep', message: deep(20), refusal: null },
  { name: 'what is too deep', message: deep(50_000), refusal: 'it is too deep' },
  { name: 'what is in itself', message: circle, refusal: 'it is too deep' },
  { name: 'a map', message: { a: new Map([[1, 2]]) }, refusal: 'something in it is no plain data' },
])('refusalOf judges $name', ({ message, refusal }) => {
  expect(refusalOf(message)).toBe(refusal);
});

test('cutTexts leaves what a process would be ended for out of what it says, and nothing else', () => {
  const said = { a: [1, null, undefined, 'short', { b: true }], bytes: Buffer.from('x') };
  expect(cutTexts(said)).toEqual(said);
  expect(cutTexts({ [`${long}1`]: [`${long}2`] })).toEqual({ [long]: [long] });
});

test('nonsense says where it is, and not what', () => {
  const { error } = z.object({ list: z.array(z.int()) }).safeParse({ list: [1, 'secret'] });
  expect(error && nonsense(error).message).toBe('it told what makes no sense: invalid_type at list.1');
});
