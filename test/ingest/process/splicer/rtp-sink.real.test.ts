import { createSocket, type RemoteInfo } from 'node:dgram';
import { once } from 'node:events';
import { expect, test } from 'vitest';
import { systemClock } from '../../../../src/contract/clock.ts';
import { Feed } from '../../../../src/ingest/process/splicer/feed.ts';
import { RtpSink } from '../../../../src/ingest/process/splicer/rtp-sink.ts';

/** What stands for a worker: it tells from which port its first packet came. */
async function receiver() {
  const socket = createSocket('udp4');
  socket.bind(0, '127.0.0.1');
  await once(socket, 'listening');
  const from = once(socket, 'message').then(([, { port }]) => port as RemoteInfo['port']);
  return { port: socket.address().port, from, close: () => socket.close() };
}

function openSink(): Promise<RtpSink> {
  const identity = { ssrc: 1, payloadType: 100, clockRate: 48_000, extensionId: 1 };
  return RtpSink.create({
    ...{ video: null, audio: { identity }, clock: systemClock, originMs: systemClock.nowMs() },
    onKeyFrameWanted: () => {},
  });
}

test('RtpSink sends from the port that it has told, to whomever it is connected, one after the other', async () => {
  await using sink = await openSink();
  const { port } = sink;
  for (let worker = 1; worker <= 3; worker++) {
    const { from, close, port: there } = await receiver();
    await sink.connect(there);
    // Reports go out by themselves.
    expect(await from).toBe(port);
    expect(sink.port).toBe(port);
    close();
  }
});

test('RtpSink that is connected again before it is connected sends where it was told last', async () => {
  await using sink = await openSink();
  const [first, last] = [await receiver(), await receiver()];
  await Promise.all([sink.connect(first.port), sink.connect(last.port)]);
  expect(await last.from).toBe(sink.port);
  for (const { close } of [first, last]) close();
});

test('RtpSink that cannot be connected says so, and may be connected later', async () => {
  await using sink = await openSink();
  const { from, port, close } = await receiver();
  const refused = expect(sink.connect(70_000)).rejects.toThrow();
  await Promise.all([refused, sink.connect(port)]);
  expect(await from).toBe(sink.port);
  close();
});

test('RtpSink that is closed sends nothing more, and does not mind being given something', async () => {
  const sink = await openSink();
  await sink.close();
  const frame = { kind: 'audio', layer: 0, data: Buffer.alloc(3), key: true, ptsUs: 0 } as const;
  sink.send({ frame, timeUs: 0, feed: new Feed(['audio'], { onRoom: () => {} }) });
  expect(sink.counters.packets).toBe(0);
});
