import { expect, test } from 'vitest';
import { readOffer } from '../../../../src/daemon/sfu/offers/offer.ts';
import { realOffers } from './real-offers.ts';

const { chromium, firefox, gstreamer } = realOffers;
const fingerprint = /a=fingerprint:.*\r\n/g;

test.each([
  { name: 'sendrecv', sdp: chromium.replaceAll('a=recvonly', 'a=sendrecv'), usable: [true, true] },
  { name: 'no direction', sdp: chromium.replaceAll('a=recvonly\r\n', ''), usable: [true, true] },
  { name: 'one sendonly', sdp: chromium.replace('a=recvonly', 'a=sendonly'), usable: [false, true] },
  { name: 'one refused', sdp: chromium.replace('m=video 9', 'm=video 0'), usable: [false, true] },
  { name: 'plain RTP', sdp: chromium.replace('UDP/TLS/RTP/SAVPF', 'RTP/AVP'), usable: [false, true] },
  {
    name: 'the fingerprint at session level',
    sdp: firefox.replace(/(m=[\s\S]*)/, (media) => media.replaceAll(fingerprint, '')),
    usable: [true, true],
  },
  {
    name: 'one m-line without mid and BUNDLE',
    sdp: `${gstreamer.slice(0, gstreamer.indexOf('m=audio'))}`.replaceAll(/a=(mid|group):.*\r\n/g, ''),
    usable: [true],
  },
  {
    name: 'a data channel and a second picture',
    sdp: `${chromium}m=application 9 UDP/DTLS/SCTP webrtc-datachannel\r\na=mid:2\r\nm=video 0 UDP/TLS/RTP/SAVPF 96\r\n`,
    usable: [true, true, false, false],
  },
])('readOffer reads an offer with $name', ({ sdp, usable }) => {
  expect(readOffer(sdp, 'recvonly').sections.map(({ usable }) => usable)).toEqual(usable);
});

test.each(['actpass', 'active', 'passive'])('readOffer reads a=setup:%s', (setup) => {
  expect(readOffer(chromium.replaceAll('a=setup:actpass', `a=setup:${setup}`), 'recvonly').dtls.setup).toBe(
    setup,
  );
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
  expect(() => readOffer(sdp, 'recvonly')).toThrow(
    expect.objectContaining({ statusCode: 400, message: expected }),
  );
});
