import { MiroliveError } from '../../../contract/errors.ts';
import type { VideoCodec } from '../../../contract/plan.ts';
import type { Offer, OfferedCodec, OfferedSection } from '../../sfu/offers/offer.ts';
import { codecNames, fittingCodecs, namesOf } from '../../sfu/offers/offered-codec.ts';

/** In this order: what plays on most devices first. */
const videoCodecs: readonly VideoCodec[] = ['h264', 'vp8', 'vp9', 'av1'];
/** Codecs of which mediasoup (3.27) can give each viewer another layer. */
const layeredCodecs: readonly VideoCodec[] = ['h264', 'vp8'];
/** As many as browsers send, and as a room has renditions. */
const maxLayers = 3;

/** A track that is taken, and in which codec. */
export interface AcceptedTrack {
  readonly section: OfferedSection;
  readonly offered: OfferedCodec;
}

export interface AcceptedVideo extends AcceptedTrack {
  readonly codec: VideoCodec;
  /** The layers that are sent at once, in the publisher's order; empty where it sends one stream. */
  readonly layers: readonly string[];
}

/** What is taken of an offer: a picture, sound, or both. */
export interface AcceptedMedia {
  readonly video: AcceptedVideo | null;
  readonly audio: AcceptedTrack | null;
}

/** What a room is on air in, which does not change before its broadcast ends. */
export interface RoomOutput {
  readonly codec: VideoCodec;
  readonly layers: number;
}

/**
 * Chooses what is taken. What a publisher offers in no codec that can be taken is a refusal (406), since it is not
 * transcoded, and a black or silent picture tells nobody why.
 */
export function acceptMedia(offer: Offer, output: RoomOutput | null): AcceptedMedia {
  const usable = offer.sections.filter((section) => section.usable);
  const pictures = usable.filter(({ kind }) => kind === 'video');
  const sounds = usable.filter(({ kind }) => kind === 'audio');
  const codecs = output ? [output.codec] : videoCodecs;
  const names = codecs.map((codec) => codecNames[codec]).join(', ');
  const wanted = output ? `${names}, which the room is on air in` : `one of ${names}`;
  return {
    video:
      pictures.length === 0 ? null : (video(pictures, codecs, output) ?? refuse(wanted, pictures, codecs)),
    audio: sounds.length === 0 ? null : (audio(sounds) ?? refuse(codecNames.opus, sounds, ['opus'])),
  };
}

function video(
  sections: readonly OfferedSection[],
  codecs: readonly VideoCodec[],
  output: RoomOutput | null,
): AcceptedVideo | undefined {
  for (const codec of codecs) {
    for (const section of sections) {
      const [offered] = fittingCodecs(section, codec);
      const most = layeredCodecs.includes(codec) ? Math.min(output?.layers ?? maxLayers, maxLayers) : 1;
      // The last are the largest, as browsers list them.
      if (offered) return { section, offered, codec, layers: section.layers.slice(-most) };
    }
  }
  return undefined;
}

function audio(sections: readonly OfferedSection[]): AcceptedTrack | undefined {
  for (const section of sections) {
    const [offered] = fittingCodecs(section, 'opus');
    if (offered) return { section, offered };
  }
  return undefined;
}

function refuse(
  wanted: string,
  sections: readonly OfferedSection[],
  codecs: readonly (VideoCodec | 'opus')[],
): never {
  throw new MiroliveError(
    'CODEC_NOT_ACCEPTED',
    `expected the offer to hold ${wanted}, got ${namesOf(sections, codecs)} for ${sections[0]?.kind}`,
  );
}
