import type { PayloadTypes } from './codecs.ts';

/** Payload types that a client takes, the best first; null: it takes no such track. */
export interface AcceptedPayloadTypes {
  readonly video: readonly number[] | null;
  readonly audio: readonly number[] | null;
}

/** The first of the existing ones that serves the client, so that it needs no Router of its own. */
export function findServing<T extends PayloadTypes>(
  existing: readonly T[],
  accepted: AcceptedPayloadTypes,
): T | undefined {
  return existing.find(({ video, audio }) => {
    return (accepted.video?.includes(video) ?? true) && (accepted.audio?.includes(audio) ?? true);
  });
}

/**
 * The client's best payload types, two different ones; for a track that it does not take, the first of `spare` that is
 * free. Undefined where the client gives video and audio the same number.
 */
export function choosePayloadTypes(
  accepted: AcceptedPayloadTypes,
  spare: readonly number[] = [96, 97],
): PayloadTypes | undefined {
  for (const video of accepted.video ?? spare) {
    for (const audio of accepted.audio ?? spare) {
      if (video !== audio) return { video, audio };
    }
  }
  return undefined;
}
