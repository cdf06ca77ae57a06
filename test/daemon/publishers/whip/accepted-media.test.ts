import { describe, expect, test } from 'vitest';
import { MiroliveError } from '../../../../src/contract/errors.ts';
import { acceptMedia, type RoomOutput } from '../../../../src/daemon/publishers/whip/accepted-media.ts';
import { readOffer } from '../../../../src/daemon/sfu/offers/offer.ts';
import { damagedOffers } from '../../sfu/offers/damaged-offers.ts';
import { sendingOffers } from '../../sfu/offers/real-offers.ts';

const { chromium, layers, aiortc, gstreamer, obs } = sendingOffers;
const take = (sdp: string, output: RoomOutput | null = null) =>
  acceptMedia(readOffer(sdp, 'sendonly'), output);
/** Nothing of a codec is left in an offer. */
const without = (sdp: string, ...names: string[]) =>
  names.reduce((rest, name) => rest.replaceAll(new RegExp(`a=rtpmap:\\d+ ${name}/.*\\r\\n`, 'g'), ''), sdp);

describe('acceptMedia takes', () => {
  test.each([
    { name: 'H.264 of Chromium', sdp: chromium, codec: 'h264', numbers: [108, 111], layers: [] },
    {
      name: 'three layers of Chromium',
      sdp: layers,
      codec: 'h264',
      numbers: [108, 111],
      layers: ['q', 'h', 'f'],
    },
    {
      name: 'H.264 of aiortc, which lists VP8 first',
      sdp: aiortc,
      codec: 'h264',
      numbers: [101, 96],
      layers: [],
    },
    { name: 'H.264 of GStreamer, bundle-only', sdp: gstreamer, codec: 'h264', numbers: [96, 97], layers: [] },
    { name: 'H.264 of OBS, sound first', sdp: obs, codec: 'h264', numbers: [96, 111], layers: [] },
    {
      name: 'AV1 of OBS',
      sdp: obs.replace('H264/90000', 'AV1/90000'),
      codec: 'av1',
      numbers: [96, 111],
      layers: [],
    },
    {
      name: 'VP8 without H.264',
      sdp: without(layers, 'H264'),
      codec: 'vp8',
      numbers: [96, 111],
      layers: ['q', 'h', 'f'],
    },
    {
      name: 'VP9 without either, the largest layer',
      sdp: without(layers, 'H264', 'VP8'),
      ...{ codec: 'vp9', numbers: [98, 111], layers: ['f'] },
    },
    {
      name: 'AV1 where there is nothing else',
      sdp: without(layers, 'H264', 'VP8', 'VP9'),
      codec: 'av1',
      numbers: [45, 111],
      layers: ['f'],
    },
  ])('$name', ({ sdp, codec, numbers, layers }) => {
    const { video, audio } = take(sdp);
    expect([video?.offered.payloadType, audio?.offered.payloadType]).toEqual(numbers);
    expect(video).toMatchObject({ codec, layers });
  });

  test('a picture without sound, and sound without a picture', () => {
    const [head = '', ...sections] = chromium.split(/(?=m=)/);
    const [picture = '', sound = ''] = sections;
    expect(take(`${head.replace('BUNDLE 0 1', 'BUNDLE 0')}${picture}`)).toMatchObject({
      video: { codec: 'h264' },
      audio: null,
    });
    expect(take(`${head.replace('BUNDLE 0 1', 'BUNDLE 1')}${sound}`)).toMatchObject({
      video: null,
      audio: { offered: { name: 'opus' } },
    });
  });

  test.each([
    {
      name: 'the codec that the room is on air in',
      output: { codec: 'vp9', layers: 1 },
      expected: ['vp9', ['f']],
    },
    {
      name: 'no more layers than the room has',
      output: { codec: 'vp8', layers: 2 },
      expected: ['vp8', ['h', 'f']],
    },
    {
      name: 'the largest of several where the room has one',
      output: { codec: 'h264', layers: 1 },
      expected: ['h264', ['f']],
    },
  ] as const)('$name', ({ output, expected }) => {
    const { video } = take(layers, output);
    expect([video?.codec, video?.layers]).toEqual(expected);
  });
});

describe('readOffer finds the layers', () => {
  test.each([
    { name: 'in their order', line: 'a=simulcast:send f;h;q', expected: ['f', 'h', 'q'] },
    { name: 'that are paused at first', line: 'a=simulcast:send q;~h;~f', expected: ['q', 'h', 'f'] },
    { name: 'of which the first alternative is taken', line: 'a=simulcast:send q,h;f', expected: ['q', 'f'] },
    { name: 'behind what would be received', line: 'a=simulcast:recv 1;2 send q;f', expected: ['q', 'f'] },
    { name: 'that have lines of their own only', line: 'a=simulcast:send q;x;f', expected: ['q', 'f'] },
    { name: 'once each', line: 'a=simulcast:send q;q;f', expected: ['q', 'f'] },
    { name: 'nowhere where none is sent', line: 'a=simulcast:recv q;h;f', expected: [] },
    { name: 'nowhere in what is not understood', line: 'a=simulcast: rid=q;h', expected: [] },
  ])('$name', ({ line, expected }) => {
    const { sections } = readOffer(layers.replace('a=simulcast:send q;h;f', line), 'sendonly');
    expect(sections[0]?.layers).toEqual(expected);
  });
});

describe('acceptMedia refuses', () => {
  const onAir = { codec: 'av1', layers: 1 } as const;
  test.each([
    {
      name: 'a picture in none of its codecs',
      sdp: obs.replace('H264/90000', 'H265/90000'),
      output: null,
      message:
        'expected the offer to hold one of H.264 (packetization-mode=1), VP8, VP9 (profile 0), AV1 (profile 0), got h265 for video',
    },
    {
      name: 'a picture in another codec than the room is on air in',
      sdp: obs,
      output: onAir,
      message: 'expected the offer to hold AV1 (profile 0), which the room is on air in, got h264 for video',
    },
    {
      name: 'sound that is not Opus',
      sdp: obs.replace('opus/48000/2', 'PCMU/8000'),
      output: null,
      message: 'expected the offer to hold Opus of two channels (opus/48000/2), got pcmu for audio',
    },
  ])('$name', ({ sdp, output, message }) => {
    expect(() => take(sdp, output)).toThrow(expect.objectContaining({ code: 'CODEC_NOT_ACCEPTED', message }));
  });
});

test('an offer is read or refused whatever is in it, and fails in no other way', () => {
  for (const sdp of damagedOffers(layers, 3000)) {
    try {
      take(sdp);
    } catch (error) {
      expect(error).toBeInstanceOf(MiroliveError);
    }
  }
});
