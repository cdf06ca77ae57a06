import { MiroliveError } from '../../../contract/errors.ts';
import type { VideoCodec } from '../../../contract/plan.ts';
import type { Offer, OfferedCodec, OfferedSection } from '../../sfu/offers/offer.ts';
import { codecNames, fittingCodecs, namesOf } from '../../sfu/offers/offered-codec.ts';

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

/** Whether the offer asks for a picture that can be sent in this codec. */
export function takesPicture(offer: Offer, codec: VideoCodec): boolean {
  return picturesIn(offer).some((section) => fittingCodecs(section, codec).length > 0);
}

/** Whether it asks for any. */
export function asksForPicture(offer: Offer): boolean {
  return picturesIn(offer).length > 0;
}

function picturesIn({ sections }: Offer): readonly OfferedSection[] {
  return sections.filter((section) => section.usable && section.kind === 'video');
}

function choose(offer: Offer, kind: 'video' | 'audio', codec: VideoCodec | 'opus' | null): Choice | null {
  const asked = offer.sections.filter((section) => section.usable && section.kind === kind);
  if (codec === null || asked.length === 0) return null;
  for (const section of asked) {
    const codecs = fittingCodecs(section, codec);
    if (codecs.length > 0) return { section, codecs };
  }
  throw notPlayable(
    `expected the offer to hold ${codecNames[codec]}, got ${namesOf(asked, [codec])} for ${kind}`,
  );
}

function notPlayable(message: string): MiroliveError {
  return new MiroliveError('OFFER_NOT_PLAYABLE', message);
}
