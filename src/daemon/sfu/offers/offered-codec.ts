import type { VideoCodec } from '../../../contract/plan.ts';
import type { OfferedCodec, OfferedSection } from './offer.ts';

/** What each codec has to be offered as, in words. */
export const codecNames: Readonly<Record<VideoCodec | 'opus', string>> = {
  h264: 'H.264 (packetization-mode=1)',
  vp8: 'VP8',
  vp9: 'VP9 (profile 0)',
  av1: 'AV1 (profile 0)',
  opus: 'Opus of two channels (opus/48000/2)',
};

/**
 * Profiles of H.264, by the first digits of profile-level-id, in the order in which they are taken: what plays everywhere
 * first. The decoder goes by the stream's own parameter sets; the number in the answer only has to be one that was offered.
 */
const h264Profiles = ['42e0', '4200', '42', '4d', '64', ''];
/** RFC 6184, 8.1: what a missing profile-level-id stands for. */
const defaultH264Profile = '420010';
/** More names than this tell nobody more. */
const maxNames = 12;

/** The payload types of an m-line that carry a codec as we know it, the best first. */
export function fittingCodecs(section: OfferedSection, codec: VideoCodec | 'opus'): OfferedCodec[] {
  return section.codecs.filter((offered) => fits(offered, codec)).sort((a, b) => rank(a) - rank(b));
}

/** The payload type that repairs `media` by retransmission (RFC 4588), if it is offered. */
export function rtxOf(section: OfferedSection, media: OfferedCodec): OfferedCodec | undefined {
  const apt = String(media.payloadType);
  return section.codecs.find(({ name, parameters }) => name === 'rtx' && parameters.get('apt') === apt);
}

/** The codecs of m-lines, for a message. */
export function namesOf(sections: readonly OfferedSection[]): string {
  const offered = new Set(sections.flatMap(({ codecs }) => codecs.map(({ name }) => name)));
  const names = [...offered].filter((name) => name !== 'rtx').slice(0, maxNames);
  return names.join(', ') || 'no codec';
}

function fits({ name, clockRate, channels, parameters }: OfferedCodec, codec: VideoCodec | 'opus'): boolean {
  if (name !== codec) return false;
  if (codec === 'opus') return clockRate === 48_000 && channels === 2;
  if (clockRate !== 90_000) return false;
  if (codec === 'h264') return parameters.get('packetization-mode') === '1';
  if (codec === 'vp9') return (parameters.get('profile-id') ?? '0') === '0';
  if (codec === 'av1') return (parameters.get('profile') ?? '0') === '0';
  return true;
}

function rank({ name, parameters }: OfferedCodec): number {
  if (name !== 'h264') return 0;
  const profile = (parameters.get('profile-level-id') ?? defaultH264Profile).toLowerCase();
  return h264Profiles.findIndex((prefix) => profile.startsWith(prefix));
}
