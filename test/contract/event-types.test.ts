import { expect, test } from 'vitest';
import { eventFilterText, matching } from '../../src/contract/event-types.ts';

test('matching takes types and the beginnings of types', () => {
  expect([...matching(['viewer.joined', 'broadcast.st*'])].sort()).toEqual([
    ...['broadcast.started', 'broadcast.stats', 'viewer.joined'],
  ]);
});

test('eventFilterText splits at commas, and names the nearest type where there is none such', () => {
  expect(eventFilterText.parse('viewer.joined, broadcast.*')).toEqual(['viewer.joined', 'broadcast.*']);
  const { error } = eventFilterText.safeParse('viewer.joind');
  expect(error?.issues[0]?.message).toBe(
    'expected a type of event, or such as broadcast.*, got "viewer.joind"; did you mean viewer.joined?',
  );
  expect(eventFilterText.safeParse('').success).toBe(false);
});
