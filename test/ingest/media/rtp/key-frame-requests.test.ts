import { expect, test } from 'vitest';
import {
  keyFrameRequests,
  pictureLossIndication,
} from '../../../../src/ingest/media/rtp/key-frame-requests.ts';
import { pseudoRandom } from '../../../helpers/pseudo-random.ts';

const ssrc = 0xdeadbeef;
const other = 0x00c0ffee;
const receiverReport = Buffer.from([0x80, 201, 0, 1, 0, 0, 0, 7]);

/** A picture loss indication (RFC 4585, 6.3.1). */
const pli = (wanted: number) => feedback(1, wanted);

/** A full intra request (RFC 5104, 4.3.1): each entry has an SSRC, a number and three reserved bytes. */
const fir = (...wanted: number[]) => feedback(4, 0, ...wanted.flatMap((entry) => [entry, 0x0700_0000]));

function feedback(format: number, ...words: number[]): Buffer {
  const message = Buffer.alloc(8 + words.length * 4);
  message.writeUInt8(0x80 | format, 0);
  message.writeUInt8(206, 1);
  message.writeUInt16BE(message.length / 4 - 1, 2);
  message.writeUInt32BE(7, 4);
  for (const [index, word] of words.entries()) message.writeUInt32BE(word, 8 + index * 4);
  return message;
}

test.each([
  { name: 'a picture loss indication', rtcp: pli(ssrc), expected: [ssrc] },
  { name: 'a full intra request', rtcp: fir(ssrc), expected: [ssrc] },
  { name: 'a full intra request of two streams', rtcp: fir(ssrc, other), expected: [ssrc, other] },
  {
    name: 'one among others',
    rtcp: Buffer.concat([receiverReport, pli(ssrc), fir(other)]),
    expected: [ssrc, other],
  },
  { name: 'a stream once', rtcp: Buffer.concat([pli(ssrc), fir(ssrc), pli(ssrc)]), expected: [ssrc] },
  { name: 'its own', rtcp: pictureLossIndication(7, ssrc), expected: [ssrc] },
  { name: 'nothing of REMB', rtcp: feedback(15, 0, 0x52454d42, ssrc), expected: [] },
  {
    name: 'nothing of transport feedback',
    rtcp: Buffer.from([0x81, 205, 0, 2, ...Array(8).fill(1)]),
    expected: [],
  },
  { name: 'nothing of a request without a stream', rtcp: fir(), expected: [] },
  { name: 'nothing of a message of one word', rtcp: Buffer.from([0x81, 206, 0, 0]), expected: [] },
  { name: 'nothing of an indication that is cut', rtcp: pli(ssrc).subarray(0, 10), expected: [] },
  { name: 'nothing of an entry that is cut', rtcp: feedback(4, 0, ssrc), expected: [] },
  { name: 'nothing of nothing', rtcp: Buffer.alloc(0), expected: [] },
  {
    name: 'what comes before garbage',
    rtcp: Buffer.concat([pli(ssrc), Buffer.alloc(9, 0xff)]),
    expected: [ssrc],
  },
])('keyFrameRequests reads $name', ({ rtcp, expected }) => {
  expect(keyFrameRequests(rtcp)).toEqual(expected);
});

test('keyFrameRequests takes any bytes', () => {
  const random = pseudoRandom(7);
  for (let round = 0; round < 5000; round++) {
    const rtcp = Buffer.from(Array.from({ length: round % 64 }, () => random(256)));
    if (rtcp.length > 3) rtcp.set([round % 2 ? 0x81 : 0x84, 206, 0, round % 20], 0);
    expect(keyFrameRequests(rtcp).length).toBeLessThanOrEqual(rtcp.length / 8);
  }
});
