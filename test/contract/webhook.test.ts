import { expect, test } from 'vitest';
import { calls } from '../../src/contract/api.ts';
import { isTold, webhookUrl } from '../../src/contract/webhook.ts';

test.each([
  ['broadcast.ended', null, true],
  ['webhook.lost', null, true],
  ['broadcast.ended', ['broadcast.*'], true],
  ['broadcast.ended', ['source.away', '*'], true],
  ['broadcast.ended', ['broadcast.started'], false],
  // What strangers can make as often as they like.
  ['viewer.joined', null, false],
  ['publisher.refused', null, false],
  ['viewer.joined', ['viewer.*'], true],
  ['publisher.refused', ['*'], true],
  // Figures.
  ['broadcast.stats', ['*'], false],
  ['broadcast.stats', ['broadcast.stats'], false],
])('%s is told to who wants %j: %s', (type, words, expected) => {
  expect(isTold(type, words)).toBe(expected);
});

test('types that there are not are refused, with what was meant', () => {
  const { error } = calls.addWebhook.params.safeParse({
    url: 'https://a.example/',
    events: ['broadcast.begun'],
  });
  expect(error?.issues[0]?.message).toContain('got "broadcast.begun"');
});

test.each([
  ['https://hooks.example.org/live?key=1', true],
  ['http://127.0.0.1:9000/', true],
  ['https://anna:secret@hooks.example.org/', false],
  ['ftp://hooks.example.org/', false],
  ['file:///etc/passwd', false],
  ['hooks.example.org', false],
])('an address may be one of a webhook: %s: %s', (url, expected) => {
  expect(webhookUrl.safeParse(url).success).toBe(expected);
});
