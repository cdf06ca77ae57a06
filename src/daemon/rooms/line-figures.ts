import type { Viewer } from '../../contract/models.ts';

/** How the line of a viewer is, as far as it is known. */
export type LineFigures = Pick<Viewer, 'bitrateBps' | 'lossPercent' | 'roundTripMs'>;

/** Of who is sent nothing, nothing is known. */
export const noFigures: LineFigures = { bitrateBps: null, lossPercent: null, roundTripMs: null };
