import { expect, test } from 'vitest';
import { LiveBytes } from '../../../../src/ingest/sources/srt/live-bytes.ts';
import { VirtualClock } from '../../../helpers/virtual-clock.ts';

/** A packet of MPEG-TS with the start of a picture, or of sound. */
function packet(streamId: 0xe0 | 0xc0): Buffer {
  const bytes = Buffer.alloc(188);
  bytes.writeUInt32BE(0x47410110);
  bytes.writeUInt32BE(0x100 | streamId, 4);
  return bytes;
}

function opened() {
  const clock = new VirtualClock();
  const bytes = new LiveBytes({ pause: () => {}, resume: () => {} }, clock);
  let isReady = false;
  void bytes.ready.then(() => {
    isReady = true;
  });
  return { clock, bytes, isReady: () => isReady };
}

test.each([
  { what: 'sound alone', streamId: 0xc0, ms: 1500 },
  { what: 'pictures of which none is a key frame', streamId: 0xe0, ms: 12_000 },
] as const)('LiveBytes waits $ms ms for a key frame of $what', async ({ streamId, ms }) => {
  const { clock, bytes, isReady } = opened();
  bytes.pass(packet(streamId));
  await clock.pass(ms - 1);
  expect(isReady()).toBe(false);
  await clock.pass(1);
  expect(isReady()).toBe(true);
  expect(clock.timers).toBe(0);
});

test('LiveBytes is still where nothing comes, and goes on with what comes next', async () => {
  const { clock, bytes } = opened();
  await bytes.goesOn();
  bytes.pass(packet(0xe0));
  await bytes.goesOn();
  await clock.pass(501);
  expect(bytes.isStill).toBe(true);
  const going = bytes.goesOn();
  bytes.pass(packet(0xe0));
  await going;
  await clock.pass(501);
  const ending = bytes.goesOn();
  bytes.end();
  await ending;
  expect(clock.timers).toBe(0);
});
