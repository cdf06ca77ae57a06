import { expect, test } from 'vitest';
import { MiroliveError } from '../../../../src/contract/errors.ts';
import { readOffer } from '../../../../src/daemon/sfu/offers/offer.ts';
import { rtxOf } from '../../../../src/daemon/sfu/offers/offered-codec.ts';
import { chooseCodecs } from '../../../../src/daemon/viewers/whep/codec-choice.ts';
import { damagedOffers } from '../../sfu/offers/damaged-offers.ts';
import { realOffers } from '../../sfu/offers/real-offers.ts';

const { chromium, firefox, aiortc, pion, gstreamer } = realOffers;
const h264 = { video: 'h264', audio: 'opus' } as const;

test.each([
  { name: 'Chromium', sdp: chromium, video: 'h264', expected: [[108, 102, 116, 41], [111]] },
  { name: 'Chromium, VP8', sdp: chromium, video: 'vp8', expected: [[96], [111]] },
  { name: 'Chromium, VP9', sdp: chromium, video: 'vp9', expected: [[98], [111]] },
  { name: 'Chromium, AV1', sdp: chromium, video: 'av1', expected: [[45], [111]] },
  { name: 'Firefox without OpenH264, VP8', sdp: firefox, video: 'vp8', expected: [[120], [109]] },
  { name: 'Firefox, AV1', sdp: firefox, video: 'av1', expected: [[99], [109]] },
  { name: 'aiortc', sdp: aiortc, video: 'h264', expected: [[101, 99], [96]] },
  { name: 'pion', sdp: pion, video: 'h264', expected: [[102, 103, 104, 105], [111]] },
  { name: 'GStreamer, bundle-only', sdp: gstreamer, video: 'h264', expected: [[97], [98]] },
  {
    name: 'a player with high profile alone',
    sdp: gstreamer.replace('42e01f', '640c1f'),
    video: 'h264',
    expected: [[97], [98]],
  },
  {
    name: 'a player that says nothing of its H.264',
    sdp: gstreamer.replace(/a=fmtp:97 .*\r\n/, ''),
    video: 'h264',
    expected: [[97], [98]],
  },
  {
    name: 'a player that says the level of its H.264 alone',
    sdp: gstreamer.replace('packetization-mode=1;', ''),
    video: 'h264',
    expected: [[97], [98]],
  },
  {
    name: 'a player that says nothing of its first H.264 and is exact about the second',
    sdp: gstreamer
      .replace('SAVPF 97', 'SAVPF 96 97')
      .replace('a=rtpmap:97 ', 'a=rtpmap:96 H264/90000\r\na=rtpmap:97 '),
    video: 'h264',
    expected: [[97, 96], [98]],
  },
  {
    name: 'a player that leaves out the channels of Opus',
    sdp: gstreamer.replace('OPUS/48000/2', 'OPUS/48000'),
    video: 'h264',
    expected: [[97], [98]],
  },
] as const)('chooseCodecs takes the payload types of $name', ({ sdp, video, expected }) => {
  const choices = chooseCodecs(readOffer(sdp, 'recvonly'), { video, audio: 'opus' });
  const numbers = [choices.video, choices.audio].map((choice) =>
    choice?.codecs.map(({ payloadType }) => payloadType),
  );
  expect(numbers).toEqual(expected);
});

test('rtxOf finds the payload type that repairs another', () => {
  const { video } = chooseCodecs(readOffer(chromium, 'recvonly'), h264);
  expect(video?.codecs.map((codec) => rtxOf(video.section, codec)?.payloadType)).toEqual([109, 103, 117, 42]);
});

test.each([
  {
    name: 'the picture has no codec in common',
    sdp: firefox,
    expected:
      'expected the offer to hold H.264 (packetization-mode=1), got vp8, vp9, av1, ulpfec, red for video',
  },
  {
    name: 'H.264 is offered without packetization mode 1',
    sdp: gstreamer.replace('packetization-mode=1', 'packetization-mode=0'),
    expected:
      'expected the offer to hold H.264 (packetization-mode=1), got h264 (packetization-mode=0) for video',
  },
  {
    name: 'the sound has no codec in common',
    sdp: gstreamer.replace('OPUS/48000/2', 'L16/44100/2'),
    expected: 'expected the offer to hold Opus of two channels (opus/48000/2), got l16 for audio',
  },
  {
    name: 'payload types lie where RTCP is',
    sdp: gstreamer.replace('SAVPF 97', 'SAVPF 72').replaceAll(':97 ', ':72 '),
    expected:
      'expected the offer to hold H.264 (packetization-mode=1), got none of a dynamic payload type for video',
  },
  {
    name: 'Opus has another clock',
    sdp: gstreamer.replace('OPUS/48000/2', 'OPUS/16000/2'),
    expected: 'expected the offer to hold Opus of two channels (opus/48000/2), got opus/16000/2 for audio',
  },
])('chooseCodecs refuses where $name', ({ sdp, expected }) => {
  expect(() => chooseCodecs(readOffer(sdp, 'recvonly'), h264)).toThrow(
    expect.objectContaining({ code: 'OFFER_NOT_PLAYABLE', message: expected }),
  );
});

test.each([
  {
    video: 'vp9',
    offered: 'profile-id=2',
    expected: 'expected the offer to hold VP9 (profile 0), got vp9 (profile 2)',
  },
  {
    video: 'av1',
    offered: 'profile=1',
    expected: 'expected the offer to hold AV1 (profile 0), got av1 (profile 1)',
  },
] as const)('chooseCodecs refuses $offered of $video', ({ video, offered, expected }) => {
  const sdp = gstreamer
    .replace('H264/', `${video.toUpperCase()}/`)
    .replace(/a=fmtp:97 .*/, `a=fmtp:97 ${offered}`);
  expect(() => chooseCodecs(readOffer(sdp, 'recvonly'), { video, audio: 'opus' })).toThrow(
    `${expected} for video`,
  );
});

test('chooseCodecs leaves out what the client does not ask for', () => {
  const offer = readOffer(
    gstreamer.replaceAll('a=recvonly\r\na=rtpmap:97', 'a=inactive\r\na=rtpmap:97'),
    'recvonly',
  );
  expect(chooseCodecs(offer, h264)).toMatchObject({ video: null, audio: { section: { kind: 'audio' } } });
});

test('chooseCodecs refuses a client that asks for nothing of what is on air', () => {
  const offer = readOffer(
    gstreamer.replaceAll('a=recvonly\r\na=rtpmap:98', 'a=inactive\r\na=rtpmap:98'),
    'recvonly',
  );
  expect(() => chooseCodecs(offer, { video: null, audio: 'opus' })).toThrow(
    'expected the offer to ask for audio, which is on air',
  );
});

test('an offer is read or refused whatever is in it, and fails in no other way', () => {
  for (const sdp of damagedOffers(chromium, 3000)) {
    try {
      chooseCodecs(readOffer(sdp, 'recvonly'), h264);
    } catch (error) {
      expect(error).toBeInstanceOf(MiroliveError);
    }
  }
});
