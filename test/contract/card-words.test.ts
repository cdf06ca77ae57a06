import { describe, expect, test } from 'vitest';
import {
  type Card,
  cardWords,
  isFilled,
  type UpNext,
  unknownPlaceholders,
} from '../../src/contract/card-words.ts';

const nothing: UpNext = { next: null, inMs: null };

describe('cardWords', () => {
  const cases: { name: string; card: Partial<Card>; upNext?: Partial<UpNext>; expected: Partial<Card> }[] = [
    {
      name: 'words without placeholders stay',
      card: { title: 'Break', text: 'a\nb' },
      expected: { title: 'Break', text: 'a\nb' },
    },
    {
      name: 'what comes next, and when',
      card: { title: 'Next: {next}', text: 'in {startsIn}' },
      upNext: { next: 'talk', inMs: 245_000 },
      expected: { title: 'Next: talk', text: 'in 4:05' },
    },
    {
      name: 'a placeholder more than once',
      card: { title: '{next}, {next}' },
      upNext: { next: 'talk' },
      expected: { title: 'talk, talk' },
    },
    {
      name: 'more than an hour',
      card: { text: '{startsIn}' },
      upNext: { inMs: 3_723_000 },
      expected: { text: '1:02:03' },
    },
    {
      name: 'a part of a second counts as one',
      card: { text: '{startsIn}' },
      upNext: { inMs: 1 },
      expected: { text: '0:01' },
    },
    { name: 'it starts now', card: { text: '{startsIn}' }, upNext: { inMs: 0 }, expected: { text: '0:00' } },
    {
      name: 'a line with nothing to say is left out',
      card: { title: 'Break', text: 'until later\nNext: {next}\nin {startsIn}' },
      expected: { title: 'Break', text: 'until later' },
    },
    {
      name: 'each line by itself',
      card: { text: 'Next: {next}\r\nin {startsIn}' },
      upNext: { inMs: 9000 },
      expected: { text: 'in 0:09' },
    },
    {
      name: 'a title with nothing to say',
      card: { title: '{next}', text: 'Soon' },
      expected: { title: '', text: 'Soon' },
    },
    {
      name: 'what is filled in is filled in once',
      card: { title: '{next}' },
      upNext: { next: '{startsIn} {next} $& $1', inMs: 9000 },
      expected: { title: '{startsIn} {next} $& $1' },
    },
    {
      name: 'what comes next is on one line',
      card: { title: '{next}' },
      upNext: { next: ' a\nb\t c ' },
      expected: { title: 'a b c' },
    },
    {
      name: 'other braces are words',
      card: { title: '{Next} {} {{next}} %{pts}' },
      upNext: { next: 'x' },
      expected: { title: '{Next} {} {x} %{pts}' },
    },
  ];
  test.each(cases)('$name', ({ card, upNext, expected }) => {
    const { title = '', text = '' } = card;
    expect(cardWords({ title, text }, { ...nothing, ...upNext })).toEqual({
      title: '',
      text: '',
      ...expected,
    });
  });
});

test.each([
  { card: { title: 'Break', text: '{startsIn}' }, filled: true },
  { card: { title: '{next}', text: '' }, filled: true },
  { card: { title: '{Next}', text: 'startsIn' }, filled: false },
])('isFilled of $card is $filled', ({ card, filled }) => {
  expect([isFilled(card), isFilled(card)]).toEqual([filled, filled]);
});

test.each([
  [{ title: 'Next: {next}', text: 'in {startsIn}' }, []],
  [{ title: 'Next: {Next}', text: 'in {startIn}\n{next}' }, ['{Next}', '{startIn}']],
  [{ title: '{ }, {}, { a }, a}', text: '' }, []],
])('of %o braces stay: %j', (card, expected) => {
  expect(unknownPlaceholders(card)).toEqual(expected);
});
