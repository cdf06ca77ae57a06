import { expect, test } from 'vitest';
import { MiroliveError } from '../../../../src/contract/errors.ts';
import { chooseCodecs, rtxOf } from '../../../../src/daemon/viewers/whep/codec-choice.ts';
import { readOffer } from '../../../../src/daemon/viewers/whep/offer.ts';
import { pseudoRandom } from '../../../helpers/pseudo-random.ts';
import { realOffers } from './real-offers.ts';

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
] as const)('chooseCodecs takes the payload types of $name', ({ sdp, video, expected }) => {
  const choices = chooseCodecs(readOffer(sdp), { video, audio: 'opus' });
  const numbers = [choices.video, choices.audio].map((choice) =>
    choice?.codecs.map(({ payloadType }) => payloadType),
  );
  expect(numbers).toEqual(expected);
});

test('rtxOf finds the payload type that repairs another', () => {
  const { video } = chooseCodecs(readOffer(chromium), h264);
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
    expected: 'expected the offer to hold H.264 (packetization-mode=1), got h264 for video',
  },
  {
    name: 'the sound has no codec in common',
    sdp: gstreamer.replace('OPUS/48000/2', 'L16/44100/2'),
    expected: 'expected the offer to hold Opus, got l16 for audio',
  },
  {
    name: 'payload types lie where RTCP is',
    sdp: gstreamer.replace('SAVPF 97', 'SAVPF 72').replaceAll(':97 ', ':72 '),
    expected: 'expected the offer to hold H.264 (packetization-mode=1), got no codec for video',
  },
])('chooseCodecs refuses where $name', ({ sdp, expected }) => {
  expect(() => chooseCodecs(readOffer(sdp), h264)).toThrow(
    expect.objectContaining({ code: 'OFFER_NOT_PLAYABLE', message: expected }),
  );
});

test('chooseCodecs leaves out what the client does not ask for', () => {
  const offer = readOffer(gstreamer.replaceAll('a=recvonly\r\na=rtpmap:97', 'a=inactive\r\na=rtpmap:97'));
  expect(chooseCodecs(offer, h264)).toMatchObject({ video: null, audio: { section: { kind: 'audio' } } });
});

test('chooseCodecs refuses a client that asks for nothing of what is on air', () => {
  const offer = readOffer(gstreamer.replaceAll('a=recvonly\r\na=rtpmap:98', 'a=inactive\r\na=rtpmap:98'));
  expect(() => chooseCodecs(offer, { video: null, audio: 'opus' })).toThrow(
    'expected the offer to ask for audio, which is on air',
  );
});

const fingerprint = /a=fingerprint:.*\r\n/g;

test.each([
  { name: 'sendrecv', sdp: chromium.replaceAll('a=recvonly', 'a=sendrecv'), receives: [true, true] },
  { name: 'no direction', sdp: chromium.replaceAll('a=recvonly\r\n', ''), receives: [true, true] },
  { name: 'one sendonly', sdp: chromium.replace('a=recvonly', 'a=sendonly'), receives: [false, true] },
  { name: 'one refused', sdp: chromium.replace('m=video 9', 'm=video 0'), receives: [false, true] },
  { name: 'plain RTP', sdp: chromium.replace('UDP/TLS/RTP/SAVPF', 'RTP/AVP'), receives: [false, true] },
  {
    name: 'the fingerprint at session level',
    sdp: firefox.replace(/(m=[\s\S]*)/, (media) => media.replaceAll(fingerprint, '')),
    receives: [true, true],
  },
  {
    name: 'one m-line without mid and BUNDLE',
    sdp: `${gstreamer.slice(0, gstreamer.indexOf('m=audio'))}`.replaceAll(/a=(mid|group):.*\r\n/g, ''),
    receives: [true],
  },
  {
    name: 'a data channel and a second picture',
    sdp: `${chromium}m=application 9 UDP/DTLS/SCTP webrtc-datachannel\r\na=mid:2\r\nm=video 0 UDP/TLS/RTP/SAVPF 96\r\n`,
    receives: [true, true, false, false],
  },
])('readOffer reads an offer with $name', ({ sdp, receives }) => {
  expect(readOffer(sdp).sections.map((section) => section.receives)).toEqual(receives);
});

test.each(['actpass', 'active', 'passive'])('readOffer reads a=setup:%s', (setup) => {
  expect(readOffer(chromium.replaceAll('a=setup:actpass', `a=setup:${setup}`)).dtls.setup).toBe(setup);
});

test.each([
  { name: 'nothing', sdp: '', expected: 'expected an SDP offer that begins with v=0' },
  { name: 'JSON', sdp: '{"sdp":"v=0"}', expected: 'expected an SDP offer that begins with v=0' },
  { name: 'no m-line', sdp: 'v=0\r\ns=-\r\n', expected: 'expected an m-line of video or audio, found none' },
  {
    name: 'nothing to receive',
    sdp: chromium.replaceAll('a=recvonly', 'a=inactive'),
    expected: 'expected an m-line of video or audio that is recvonly, found none',
  },
  {
    name: 'too many m-lines',
    sdp: `v=0\r\n${'m=video 9 UDP/TLS/RTP/SAVPF 96\r\n'.repeat(17)}`,
    expected: 'expected at most 16 m-lines, got 17',
  },
  {
    name: 'RTCP on a port of its own',
    sdp: chromium.replace('a=rtcp-mux\r\n', ''),
    expected: 'expected a=rtcp-mux in the m-line of video: RTCP has no port of its own',
  },
  {
    name: 'no BUNDLE',
    sdp: chromium.replace('a=group:BUNDLE 0 1\r\n', ''),
    expected: 'expected a=group:BUNDLE with the a=mid of every m-line (bundlePolicy max-bundle)',
  },
  {
    name: 'no mid',
    sdp: chromium.replaceAll(/a=mid:.*\r\n/g, ''),
    expected: 'expected a=group:BUNDLE with the a=mid of every m-line (bundlePolicy max-bundle)',
  },
  {
    name: 'one mid twice',
    sdp: chromium.replace('a=mid:1', 'a=mid:0'),
    expected: 'expected every a=mid to be of one m-line only',
  },
  {
    name: 'no ICE',
    sdp: chromium.replaceAll(/a=ice-(ufrag|pwd):.*\r\n/g, ''),
    expected: 'expected a=ice-ufrag and a=ice-pwd',
  },
  {
    name: 'no fingerprint',
    sdp: chromium.replaceAll(fingerprint, ''),
    expected: 'expected a=fingerprint with a hash of sha-1 to sha-512 (SDES keys are not taken)',
  },
  {
    name: 'a short fingerprint',
    sdp: chromium.replaceAll(fingerprint, 'a=fingerprint:sha-256 AA:BB\r\n'),
    expected: 'expected a=fingerprint with a hash of sha-1 to sha-512 (SDES keys are not taken)',
  },
  {
    name: 'a hash function that is none',
    sdp: chromium.replaceAll(fingerprint, 'a=fingerprint:__proto__ AA:BB\r\n'),
    expected: 'expected a=fingerprint with a hash of sha-1 to sha-512 (SDES keys are not taken)',
  },
  {
    name: 'a role that is none',
    sdp: chromium.replaceAll('a=setup:actpass', 'a=setup:holdconn'),
    expected: 'expected a=setup to be actpass, active or passive',
  },
])('readOffer refuses $name', ({ sdp, expected }) => {
  expect(() => readOffer(sdp)).toThrow(expect.objectContaining({ statusCode: 400, message: expected }));
});

test('readOffer reads or refuses whatever it is given, and fails in no other way', () => {
  const random = pseudoRandom(7);
  const pieces = Object.values(realOffers).flatMap((sdp) => sdp.split('\r\n'));
  for (let round = 0; round < 3000; round++) {
    const lines = realOffers.chromium.split('\r\n');
    for (let change = 0; change < 1 + random(6); change++)
      lines.splice(random(lines.length), random(3), damage());
    try {
      chooseCodecs(readOffer(lines.join('\r\n')), h264);
    } catch (error) {
      expect(error).toBeInstanceOf(MiroliveError);
    }
  }

  function damage(): string {
    const line = pieces[random(pieces.length)] ?? '';
    const at = random(line.length + 1);
    return line.slice(0, at) + String.fromCharCode(random(0x3000)) + line.slice(at + random(8));
  }
});
