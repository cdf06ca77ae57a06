import { MiroliveError } from '../../../contract/errors.ts';
import type { VideoCodec } from '../../../contract/models.ts';
import type { Offer, OfferedCodec, OfferedSection } from './offer.ts';

/** An m-line that will carry a track, with the payload types that fit the track's codec, the best one first. */
export interface Choice {
  readonly section: OfferedSection;
  readonly codecs: readonly OfferedCodec[];
}

/** What of an offer can be answered. */
export interface Choices {
  readonly video: Choice | null;
  readonly audio: Choice | null;
}

const codecNames: Readonly<Record<VideoCodec | 'opus', string>> = {
  h264: 'H.264 (packetization-mode=1)',
  vp8: 'VP8',
  vp9: 'VP9 (profile 0)',
  av1: 'AV1 (profile 0)',
  opus: 'Opus',
};

/**
 * Profiles of H.264, by the first digits of profile-level-id, in the order in which they are taken. The decoder goes by
 * the stream's own parameter sets; the number in the answer only has to be one that the client offered.
 */
const h264Profiles = ['42e0', '4200', '42', '4d', '64', ''];
/** RFC 6184, 8.1: what a missing profile-level-id stands for. */
const defaultH264Profile = '420010';

/**
 * Finds the m-line and payload types for each track that is on air. A kind of track that the client does not ask for is
 * left out; one that it asks for with no fitting codec is a refusal (406), since a black or silent player tells nobody why.
 */
export function chooseCodecs(
  offer: Offer,
  onAir: { readonly video: VideoCodec | null; readonly audio: 'opus' | null },
): Choices {
  const choices = { video: choose(offer, 'video', onAir.video), audio: choose(offer, 'audio', onAir.audio) };
  if (choices.video || choices.audio) return choices;
  const kinds = [onAir.video && 'video', onAir.audio && 'audio'].filter((kind) => kind !== null);
  throw notPlayable(`expected the offer to ask for ${kinds.join(' or ')}, which is on air`);
}

/** The payload type that repairs `media` by retransmission (RFC 4588), if it is offered. */
export function rtxOf(section: OfferedSection, media: OfferedCodec): OfferedCodec | undefined {
  const apt = String(media.payloadType);
  return section.codecs.find(({ name, parameters }) => name === 'rtx' && parameters.get('apt') === apt);
}

function choose(offer: Offer, kind: 'video' | 'audio', codec: VideoCodec | 'opus' | null): Choice | null {
  const asked = offer.sections.filter((section) => section.receives && section.kind === kind);
  if (codec === null || asked.length === 0) return null;
  for (const section of asked) {
    const codecs = section.codecs.filter((offered) => fits(offered, codec));
    if (codecs.length > 0) return { section, codecs: codecs.toSorted((a, b) => rank(a) - rank(b)) };
  }
  const offered = new Set(asked.flatMap(({ codecs }) => codecs.map(({ name }) => name)));
  const names = [...offered].filter((name) => name !== 'rtx').slice(0, 12);
  throw notPlayable(
    `expected the offer to hold ${codecNames[codec]}, got ${names.join(', ') || 'no codec'} for ${kind}`,
  );
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

function notPlayable(message: string): MiroliveError {
  return new MiroliveError('OFFER_NOT_PLAYABLE', message);
}
