import { createSocket } from 'node:dgram';
import { EventEmitter, once } from 'node:events';
import { afterEach, expect, test, vi } from 'vitest';
import { IncomingStream } from '../../../../src/ingest/media/rtp-in/incoming-stream.ts';
import { Routes } from '../../../../src/ingest/process/players/routes.ts';
import { WhipPlayer } from '../../../../src/ingest/process/players/whip-player.ts';
import { VirtualClock } from '../../../helpers/virtual-clock.ts';
import { ScriptedDaemon } from '../scripted-daemon.ts';
import { heard } from './scripted-pipelines.ts';

afterEach(() => {
  vi.restoreAllMocks();
});

test('WhipPlayer asks for its route again where that could not be made', async () => {
  const clock = new VirtualClock();
  const daemon = new ScriptedDaemon();
  const routes = new Routes(daemon.asker);
  const planned = Promise.withResolvers<void>();
  const { words, tell } = heard();
  const player = WhipPlayer.start({
    ...{
      room: 'lobby',
      publication: '1',
      routes,
      kinds: ['audio'],
      fillFor: () => () => [],
      slate: () => undefined,
      clock,
    },
    tell: (news) => (news.type === 'planned' ? planned.resolve() : tell(news)),
  });
  const left = new Error('the publisher has left');
  const answers = [left, left, { peerPort: 9, tracks: [] }];
  for (const [at, answer] of answers.entries()) {
    await clock.pass(4000);
    expect(daemon.said.at(-1)).toBe(`route ${at + 1}`);
    daemon.answer(at + 1, answer);
  }
  await planned.promise;
  expect(words).toEqual(['away: the publisher has left', 'away: the publisher has left']);
  expect(daemon.said.at(-1)).toBe('connectRoute');
  await player.close();
  expect([clock.timers, daemon.said.at(-1)]).toEqual([0, 'route 3 over']);
});

test('WhipPlayer gives up a route that nobody answers, and does not wait for it where it is closed', async () => {
  const clock = new VirtualClock();
  const daemon = new ScriptedDaemon();
  const routes = new Routes(daemon.asker);
  const { words, tell } = heard();
  const player = WhipPlayer.start({
    ...{
      room: 'lobby',
      publication: '1',
      routes,
      kinds: ['audio'],
      fillFor: () => () => [],
      slate: () => undefined,
      clock,
      tell,
    },
  });
  await clock.pass(5000);
  expect(words).toEqual(['away: it was not routed within 5000 ms']);
  expect(daemon.said.slice(-2)).toEqual(['route 1 over', 'route 2']);
  await player.close();
  expect([clock.timers, daemon.said.at(-1)]).toEqual([0, 'route 2 over']);
});

test('WhipPlayer whose publisher sends what cannot be read is away, and asks for its route again', async () => {
  const clock = new VirtualClock();
  const daemon = new ScriptedDaemon();
  const planned = Promise.withResolvers<void>();
  const away = Promise.withResolvers<string>();
  const player = WhipPlayer.start({
    ...{ room: 'lobby', publication: '1', routes: new Routes(daemon.asker), kinds: ['audio'], clock },
    fillFor: () => () => [],
    slate: () => undefined,
    tell: (news) => {
      if (news.type === 'planned') planned.resolve();
      if (news.type === 'away') away.resolve(news.message);
    },
  });
  const worker = createSocket('udp4').bind(0, '127.0.0.1');
  await once(worker, 'listening');
  const identity = { ssrc: 20, payloadType: 100, clockRate: 48_000 };
  const track = { kind: 'audio', codec: 'opus', layer: 0, ...identity } as const;
  daemon.answer(1, { peerPort: worker.address().port, tracks: [track] });
  await planned.promise;
  const packet = Buffer.alloc(13);
  packet.writeUInt16BE(0x8064);
  packet.writeUInt32BE(track.ssrc, 8);
  vi.spyOn(IncomingStream.prototype, 'push').mockImplementationOnce(() => {
    throw new Error('it cannot be read');
  });
  worker.send(packet, (daemon.asked as { port: number }).port, '127.0.0.1');
  expect(await away.promise).toBe('it cannot be read');
  worker.close();
  await clock.pass(4000);
  expect(daemon.said.slice(-2)).toEqual(['route 1 over', 'route 2']);
  await player.close();
});

test('WhipPlayer tells of the size of its picture, of another one later, and of B-frames', async () => {
  const clock = new VirtualClock();
  const daemon = new ScriptedDaemon();
  const planned: (readonly [number, number, boolean])[] = [];
  const told = new EventEmitter();
  const player = WhipPlayer.start({
    ...{ room: 'lobby', publication: '1', routes: new Routes(daemon.asker), kinds: ['video'], clock },
    fillFor: () => () => [],
    slate: () => undefined,
    tell: (news) => {
      if (news.type !== 'planned') return;
      const { width = 0, height = 0, bFrames = false } = news.plan.video ?? {};
      planned.push([width, height, bFrames]);
      told.emit('planned');
    },
  });
  const worker = createSocket('udp4').bind(0, '127.0.0.1');
  await once(worker, 'listening');
  const identity = { ssrc: 20, payloadType: 100, clockRate: 90_000 };
  const track = { kind: 'video', codec: 'vp8', layer: 0, ...identity } as const;
  const begun = once(told, 'planned');
  daemon.answer(1, { peerPort: worker.address().port, tracks: [track] });
  await begun;
  let sequence = 0;
  /** A picture in one packet: VP8's descriptor, and a key frame's head (RFC 6386, 9.1), or another's. */
  const send = (timestamp: number, size?: readonly [number, number]) => {
    const body = size
      ? Buffer.from([
          0x10,
          0x10,
          0,
          0,
          0x9d,
          1,
          0x2a,
          size[0] & 0xff,
          size[0] >> 8,
          size[1] & 0xff,
          size[1] >> 8,
        ])
      : Buffer.from([0x10, 0x11, 0, 0, 0]);
    const head = Buffer.alloc(12);
    head.writeUInt16BE(0x80e4);
    head.writeUInt16BE(sequence++, 2);
    head.writeUInt32BE(timestamp, 4);
    head.writeUInt32BE(track.ssrc, 8);
    worker.send(Buffer.concat([head, body]), (daemon.asked as { port: number }).port, '127.0.0.1');
  };
  const first = once(told, 'planned');
  send(0, [640, 360]);
  await first;
  await clock.pass(10_000);
  const second = once(told, 'planned');
  send(3000, [360, 640]);
  await second;
  const third = once(told, 'planned');
  for (const at of [12_000, 6000, 9000, 21_000, 15_000]) send(at);
  await third;
  expect(planned).toEqual([
    [0, 0, false],
    [640, 360, false],
    [360, 640, false],
    [360, 640, true],
  ]);
  worker.close();
  await player.close();
});
