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
/**
 * What H.264 is taken for that does not say: constrained baseline in packetization mode 1. RFC 6184, 8.1 has mode 0 and level 1 instead, which
 * carry no picture of today; players that say nothing take fragments.
 */
const assumedH264 = { mode: '1', profile: '42e01f' };
const videoClockRate = 90_000;
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

/** The codecs of m-lines, for a message; those of a wanted name with what makes them others than the wanted ones. */
export function namesOf(
  sections: readonly OfferedSection[],
  wanted: readonly (VideoCodec | 'opus')[],
): string {
  const all = sections.flatMap(({ codecs }) => codecs).filter(({ name }) => name !== 'rtx');
  const names = new Set(all.map((codec) => (isOneOf(wanted, codec.name) ? inDetail(codec) : codec.name)));
  return [...names].slice(0, maxNames).join(', ') || 'none of a dynamic payload type';
}

function isOneOf<T extends string>(names: readonly T[], name: string): name is T {
  return names.some((one) => one === name);
}

function inDetail(codec: OfferedCodec): string {
  const { name, clockRate, channels } = codec;
  const rate = channels > 1 ? `${name}/${clockRate}/${channels}` : `${name}/${clockRate}`;
  if (name === 'opus' || clockRate !== videoClockRate) return rate;
  if (name === 'h264') return `${name} (packetization-mode=${packetizationMode(codec)})`;
  return `${name} (profile ${profileOf(codec)})`;
}

function fits(offered: OfferedCodec, codec: VideoCodec | 'opus'): boolean {
  const { name, clockRate, channels } = offered;
  if (name !== codec) return false;
  // RFC 7587, 7: always written as two channels, which some players leave out.
  if (codec === 'opus') return clockRate === 48_000 && channels <= 2;
  if (clockRate !== videoClockRate) return false;
  if (codec === 'h264') return packetizationMode(offered) === '1';
  return codec === 'vp8' || profileOf(offered) === '0';
}

function packetizationMode({ parameters }: OfferedCodec): string {
  return parameters.get('packetization-mode') ?? assumedH264.mode;
}

/** Of VP9 and AV1. */
function profileOf({ name, parameters }: OfferedCodec): string {
  return parameters.get(name === 'vp9' ? 'profile-id' : 'profile') ?? '0';
}

/** What says that it fits comes before what is only taken to. */
function rank({ name, parameters }: OfferedCodec): number {
  if (name !== 'h264') return 0;
  const profile = (parameters.get('profile-level-id') ?? assumedH264.profile).toLowerCase();
  const assumed = parameters.has('packetization-mode') ? 0 : h264Profiles.length;
  return assumed + h264Profiles.findIndex((prefix) => profile.startsWith(prefix));
}
