import { describe, expect, test } from 'vitest';
import { type CallName, calls } from '../../src/contract/api.ts';
import { issueSentence } from '../../src/contract/schema-words.ts';

describe('issueSentence', () => {
  const room = 'lobby';
  const file = { kind: 'file', path: '/a.mp4' };
  const cases: { call: CallName; given: object; sentence: string }[] = [
    {
      call: 'startBroadcast',
      given: { room: 'Lobby!', source: file },
      sentence: 'room: expected 1 to 63 of a-z, 0-9 and -, not starting with - (such as lobby), got "Lobby!"',
    },
    {
      call: 'startBroadcast',
      given: { room, name: 'x'.repeat(300), source: file },
      sentence: 'name: expected at most 200 characters, got 300 characters',
    },
    {
      call: 'startBroadcast',
      given: { room, source: { kind: 'flie' } },
      sentence: 'source.kind: expected a known kind, got "flie"',
    },
    {
      call: 'startBroadcast',
      given: { room, source: file, nmae: 'a' },
      sentence: 'expected only what the call takes, got nmae',
    },
    {
      call: 'createKey',
      given: { room, expiresMs: 0 },
      sentence: 'expiresMs: expected at least 1000, got 0',
    },
    {
      call: 'getReport',
      given: { room, stepMs: 90_000 },
      sentence: 'stepMs: expected a multiple of 60000, got 90000',
    },
    {
      call: 'events',
      given: { type: 'broadcast.startde' },
      sentence:
        'type: expected a type of event, or such as broadcast.*, got "broadcast.startde"; did you mean broadcast.started?',
    },
    {
      call: 'addWebhook',
      given: { url: 'https://a.example/', events: ['nosuch'] },
      sentence: 'events: expected a type of event, or such as broadcast.*, got "nosuch"',
    },
    {
      call: 'createKey',
      given: { room, name: 'slate' },
      sentence:
        'name: expected another name than slate, test, screen, programme, which mirolive take understands otherwise, got "slate"',
    },
    {
      call: 'control',
      given: { room, command: { type: 'jump', item: 'abc' } },
      sentence: 'command.item: expected an id such as i-k3v7qm2xay, got "abc"',
    },
    {
      call: 'control',
      given: { room, command: { type: 'add', items: [{ source: { kind: 'url', url: 'ftp://a/b' } }] } },
      sentence:
        'command.items.0.source.url: expected one of http, https, rtsp, rtsps, srt, udp, rtmp, rtmps, got "ftp://a/b"',
    },
  ];
  test.each(cases)('$call: $sentence', ({ call, given, sentence }) => {
    const { error } = calls[call].params.safeParse(given);
    expect(error?.issues.map((issue) => issueSentence(issue, given))).toEqual([sentence]);
  });
});
