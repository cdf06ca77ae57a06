import { expect, test } from 'vitest';
import { h264 } from '../../../../src/ingest/media/h264/depacketize-h264.ts';
import { FrameAssembler } from '../../../../src/ingest/media/rtp-in/frame-assembler.ts';
import { readRtp } from '../../../../src/ingest/media/rtp-in/rtp-packet.ts';

test('FrameAssembler gives up a picture of more packets than any has, and begins anew with a key frame', () => {
  const assembler = new FrameAssembler(h264);
  const push = (payload: number[], timestamp: number, marker = false) => {
    const head = Buffer.alloc(12);
    head.set([0x80, marker ? 0xe0 : 0x60]);
    head.writeUInt32BE(timestamp, 4);
    const packet = readRtp(Buffer.concat([head, Buffer.from(payload)]));
    if (!packet) throw new Error('expected RTP');
    return assembler.push({ packet, afterLoss: false });
  };
  push([0x67, 1], 1);
  push([0x7c, 0x85, 1], 1);
  for (let part = 0; part < 9000; part++) push([0x7c, 0x05, 1], 1);
  expect(push([0x7c, 0x45, 1], 1, true)).toEqual([]);
  expect(assembler.counters).toEqual({ frames: 0, keyFrames: 0, dropped: 1 });
  push([0x67, 1], 2);
  expect(push([0x65, 1], 2, true)).toMatchObject([{ key: true, timestamp: 2 }]);
});
