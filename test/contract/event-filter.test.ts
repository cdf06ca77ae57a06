import { expect, test } from 'vitest';
import { isMeant, meaningless } from '../../src/contract/event-filter.ts';
import { eventWords, isTold, toldTypes } from '../../src/contract/webhook.ts';

test.each([
  ['broadcast.started', ['broadcast.started'], true],
  ['broadcast.started', ['broadcast.*'], true],
  ['broadcast.started', ['source.away', '*'], true],
  ['broadcast.started', ['broadcast.ended'], false],
  ['broadcast.started', ['broad*'], false],
  ['broadcast.started', [], false],
])('%s is meant by %j: %s', (type, words, expected) => {
  expect(isMeant(type, words)).toBe(expected);
});

test('words that mean nothing are found', () => {
  const words = ['*', 'broadcast.*', 'broadcast.begun', 'radio.*', '', '**', 'broadcast'];
  expect(meaningless(words, toldTypes)).toEqual(['broadcast.begun', 'radio.*', '', '**', 'broadcast']);
  expect(eventWords.safeParse(['broadcast.*', 'source.away']).success).toBe(true);
  const { error } = eventWords.safeParse(['radio.*']);
  expect(error?.issues[0]?.message).toContain('got "radio.*"');
});

test('what strangers can make is told to those alone who name it, and figures to nobody', () => {
  expect([isTold('broadcast.ended', null), isTold('webhook.lost', null)]).toEqual([true, true]);
  expect([isTold('viewer.joined', null), isTold('publisher.refused', null)]).toEqual([false, false]);
  expect([isTold('viewer.joined', ['viewer.*']), isTold('publisher.refused', ['*'])]).toEqual([true, true]);
  expect([isTold('broadcast.stats', ['*']), isTold('broadcast.stats', ['broadcast.stats'])]).toEqual([
    false,
    false,
  ]);
});
