import { PassThrough } from 'node:stream';
import pino from 'pino';
import { expect, test } from 'vitest';
import { EventHub, type NewEvent } from '../../src/daemon/event-hub.ts';
import { logEvents } from '../../src/daemon/event-log.ts';
import { broadcast, endedEvent, startedEvent, statsEvent } from '../cli/samples.ts';

const onAir = { broadcast: broadcast.id, room: 'lobby' };

test.each<{ event: NewEvent; level: number; line: Record<string, unknown> }>([
  {
    event: { type: 'worker.died', pid: 9, message: 'killed' },
    level: 50,
    line: { workerPid: 9, message: 'killed', msg: 'a mediasoup worker died; it is started anew' },
  },
  {
    event: { type: 'ingest.died', pid: 9, rooms: ['lobby'], message: 'killed' },
    level: 50,
    line: {
      ingestPid: 9,
      rooms: ['lobby'],
      message: 'killed',
      msg: 'an ingest process died; it is started anew',
    },
  },
  {
    event: { type: 'rtmp.died', pid: 9, message: 'killed' },
    level: 50,
    line: { rtmpPid: 9, message: 'killed', msg: 'the RTMP server died; it is started anew' },
  },
  { event: startedEvent, level: 30, line: { ...onAir, name: 'talk.mp4', msg: 'on air: talk.mp4' } },
  {
    event: endedEvent('failed', 'no more'),
    level: 30,
    line: {
      ...onAir,
      ...{ startedAt: '2026-01-02T03:02:53.000Z', reason: 'failed', message: 'no more' },
      msg: 'broadcast ended: no more',
    },
  },
  {
    event: { ...onAir, type: 'source.away', entry: 'take', words: 'cam', reason: 'it left' },
    level: 40,
    line: { ...onAir, entry: 'take', words: 'cam', reason: 'it left', msg: 'source.away' },
  },
])('the log has $event.type with its type, and no key twice', ({ event, level, line }) => {
  expect(logged(event)).toEqual([
    { level, time: expect.any(Number), pid: process.pid, hostname: 'here', type: event.type, ...line },
  ]);
});

test('what comes each second is not logged', () => {
  expect(logged(statsEvent)).toEqual([]);
});

/** What the log gets of an event, each line read by hand: JSON.parse alone forgives a key that stands there twice. */
function logged(event: NewEvent): unknown[] {
  const sink = new PassThrough({ encoding: 'utf8' });
  const hub = new EventHub();
  logEvents(hub, pino({ base: { pid: process.pid, hostname: 'here' } }, sink));
  hub.announce(event);
  const lines = String(sink.read() ?? '')
    .split('\n')
    .filter(Boolean);
  return lines.map((line) => {
    const value = JSON.parse(line);
    expect(line).toBe(JSON.stringify(value));
    return value;
  });
}
