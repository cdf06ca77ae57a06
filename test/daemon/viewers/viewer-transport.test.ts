import { EventEmitter } from 'node:events';
import { expect, test } from 'vitest';
import type * as types from '../../../src/daemon/sfu/media-types.ts';
import type { WorkerSlot } from '../../../src/daemon/sfu/media-worker.ts';
import { ViewerTransport } from '../../../src/daemon/viewers/viewer-transport.ts';

const gone = () => Promise.reject(new Error('Channel closed'));

/** A transport that sends sound, and answers so. */
async function sending({
  whole = async () => [{ sendBitrate: 64_000.4 }],
  stream = async () => [
    { type: 'outbound-rtp', packetCount: 100, packetsLost: 2, roundTripTime: 30.2, timestamp: 0 },
  ],
}: {
  whole?: () => Promise<unknown[]>;
  stream?: () => Promise<unknown[]>;
}) {
  const consumer = { kind: 'audio', type: 'simple', closed: false, getStats: stream };
  const transport = Object.assign(new EventEmitter(), {
    closed: false,
    getStats: whole,
    consume: async () => consumer,
    close: () => {
      transport.closed = true;
    },
  });
  const router = { createWebRtcTransport: async () => transport, canConsume: () => true };
  const media = await ViewerTransport.create(router as unknown as types.Router, {} as WorkerSlot);
  await media.consume(router as unknown as types.Router, [{ id: 'p' } as types.Producer], { codecs: [] }, {
    renditions: [],
    plan: null,
  } as never);
  return { media, consumer };
}

test('ViewerTransport tells how its line is', async () => {
  const { media } = await sending({});
  expect(await media.figures()).toEqual({ bitrateBps: 64_000, lossPercent: 2, roundTripMs: 30 });
});

test.each([
  { name: 'its worker has died', parts: { whole: gone, stream: gone } },
  { name: 'its stream has ended meanwhile', parts: { stream: gone } },
  { name: 'its worker dies between two questions', parts: { whole: gone } },
])('ViewerTransport has learned nothing of its line where $name', async ({ parts }) => {
  const { media } = await sending(parts);
  expect(await media.figures()).toBeNull();
});

test('ViewerTransport has learned nothing once it is closed', async () => {
  const { media } = await sending({});
  media.close();
  expect(await media.figures()).toBeNull();
});

test('ViewerTransport knows that nothing is sent', async () => {
  const { media, consumer } = await sending({});
  consumer.closed = true;
  expect(await media.figures()).toEqual({ bitrateBps: null, lossPercent: null, roundTripMs: null });
});
