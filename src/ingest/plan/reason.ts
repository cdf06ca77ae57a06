import type { ReasonCode } from '../../contract/plan-reasons.ts';

/** A reason against copying. */
export interface Reason {
  readonly code: ReasonCode;
  /** It, with its figures. */
  readonly words: string;
}

/** As a track's plan has them. */
export function reasonsOf(reasons: readonly Reason[]): { reasons: string[]; codes?: ReasonCode[] } {
  return {
    reasons: reasons.map(({ words }) => words),
    ...(reasons.length > 0 && { codes: reasons.map(({ code }) => code) }),
  };
}
