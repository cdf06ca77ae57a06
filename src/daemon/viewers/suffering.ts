import type { Suffering, Viewer } from '../../contract/models.ts';

/**
 * More than this, in per cent of what was sent in the last seconds, players do not repair unseen. Senders go on up to 2 %, and give less from
 * 10 % on (draft-ietf-rmcat-gcc-02, 6); from 4 % on we give less ourselves (`reported-line.ts`), so what is above is left although less is sent.
 */
const tooMuchLoss = 5;
/** A picture that stands still for so much of a minute, in per cent, is one to complain of: 1 % is noticed already (Dobrian et al., SIGCOMM 2011). */
const tooLongFrozen = 5;
/** Media that has not come through for so long, in ms: ICE and DTLS take less than 2 s on any line of use. */
export const connectingMs = 10_000;

/** What it follows from. */
export type Fares = Pick<Viewer, 'kind' | 'state' | 'picture' | 'lossPercent' | 'frozenPercent'> & {
  /** How long it has been in its state, in ms: where it connects, in all its tries since media came through last. */
  readonly forMs: number;
};

/** What a viewer suffers, the worst first; null: nothing, as far as is known. The one place that says what counts as bad; pure. */
export function sufferingOf({
  kind,
  state,
  picture,
  lossPercent,
  frozenPercent,
  forMs,
}: Fares): Suffering | null {
  if (state === 'connecting' && forMs >= connectingMs) return 'connecting';
  if (state !== 'playing') return null;
  // A player by WHEP may have asked for sound alone.
  if (!picture && kind === 'page') return 'picture';
  if ((lossPercent ?? 0) >= tooMuchLoss) return 'loss';
  return (frozenPercent ?? 0) >= tooLongFrozen ? 'frozen' : null;
}
