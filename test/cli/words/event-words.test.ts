import { expect, test } from 'vitest';
import { eventWords, switchWords } from '../../../src/cli/words/event-words.ts';
import { zoneAt } from '../../../src/cli/words/format.ts';
import { slateEvent } from '../samples.ts';

const slate = { entry: 'slate', words: 'slate' };
const cam = { entry: 'take', words: 'cam' };

test.each([
  { name: 'a take', from: cam, insteadOf: null, reason: 'away', why: 'cam is away' },
  { name: 'the slate for a take', from: slate, insteadOf: cam, reason: 'away', why: 'cam is away' },
  { name: 'the slate for a take', from: slate, insteadOf: cam, reason: 'ended', why: 'cam has ended' },
  {
    name: 'the slate',
    from: slate,
    insteadOf: null,
    reason: 'away',
    why: 'what was on air before it is away',
  },
] as const)('a change from $name says whether it is $reason', ({ from, insteadOf, reason, why }) => {
  const to = { entry: 'main', words: 'talk.mp4' };
  const words = switchWords({ ...slateEvent, from, to, insteadOf, reason });
  expect(words).toBe(`on air now: talk.mp4 (main); ${why}`);
});

test('events say since when they are complete', () => {
  const at = '2026-01-02T12:00:00.000Z';
  const now = Date.parse(at);
  expect(eventWords({ type: 'events.open', at, from: at }, now)).toBe('listening');
  const from = '2026-01-02T11:00:00.000Z';
  const time = new Date(from).toLocaleTimeString('en-GB');
  expect(eventWords({ type: 'events.open', at, from }, now)).toBe(
    `what is remembered since ${time} ${zoneAt(from)}`,
  );
});

test.each([
  [{ type: 'daemon.degraded', part: 'rtmp', reason: 'no port' }, 'rtmp cannot be had back for now: no port'],
  [
    { type: 'daemon.degraded', part: 'configuration', reason: 'a.yaml:1:1: no' },
    'what the configuration was before holds: a.yaml:1:1: no',
  ],
  [{ type: 'daemon.recovered', part: 'configuration' }, 'the configuration is read again'],
  [
    {
      type: 'programme.sought',
      ...{ broadcast: 'b-aaaaaaaaaa', room: 'lobby' },
      ...{ entry: 'main', words: 'talk.mp4', positionMs: 300_000 },
    },
    'lobby: talk.mp4 (main) goes to 5:00 by command',
  ],
] as const)('%o is told as what it is', (event, words) => {
  const at = '2026-01-02T12:00:00.000Z';
  expect(eventWords({ at, ...event }, Date.parse(at))).toBe(words);
});

test.each([
  { tracks: ['video'], words: 'lobby: no picture from cam1 (main)' },
  { tracks: ['audio'], words: 'lobby: no sound from cam1 (main)' },
  { tracks: [], words: 'lobby: picture and sound come again from cam1 (main)' },
] as const)('a track that is missing is told: $words', ({ tracks, words }) => {
  const at = '2026-01-02T12:00:00.000Z';
  const of = { broadcast: 'b-aaaaaaaaaa', room: 'lobby', entry: 'main', words: 'cam1' };
  expect(eventWords({ type: 'source.lacks', at, ...of, tracks }, Date.parse(at))).toBe(words);
});

test.each([
  { room: 'lobby', words: 'lobby: somebody at 192.0.2.1 may not publish by rtmp: no' },
  { room: null, words: 'somebody at 192.0.2.1 may not publish by rtmp: no' },
])('who may not publish is told for $room', ({ room, words }) => {
  const at = '2026-01-02T12:00:00.000Z';
  const refused = {
    protocol: 'rtmp',
    address: '192.0.2.1',
    code: 'PUBLISHER_UNCLEAR',
    message: 'no',
  } as const;
  expect(eventWords({ type: 'publisher.refused', at, room, ...refused }, Date.parse(at))).toBe(words);
});
