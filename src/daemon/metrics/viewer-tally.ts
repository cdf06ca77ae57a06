import type { MeasuredRoom } from './figures.ts';

type Viewer = MeasuredRoom['viewers'][number];

/** How many of a room's viewers are alike: thousands watch, and the counts of them are few. */
export interface ViewerTally {
  readonly alike: readonly (Pick<Viewer, 'kind' | 'state'> & { readonly count: number })[];
  readonly withoutPicture: number;
  readonly suffering: readonly { readonly suffers: string; readonly count: number }[];
}

/** Counts them in one pass that makes nothing for each of them. Pure. */
export function tallyOf(viewers: readonly Viewer[]): ViewerTally {
  const alike = new Map<Viewer['kind'], Map<Viewer['state'], number>>();
  const suffering = new Map<string, number>();
  let withoutPicture = 0;
  for (const { kind, state, picture, suffers } of viewers) {
    const ofKind = alike.get(kind) ?? new Map<Viewer['state'], number>();
    if (ofKind.size === 0) alike.set(kind, ofKind);
    ofKind.set(state, (ofKind.get(state) ?? 0) + 1);
    if (!picture) withoutPicture++;
    if (suffers !== null) suffering.set(suffers, (suffering.get(suffers) ?? 0) + 1);
  }
  return {
    alike: [...alike].flatMap(([kind, states]) =>
      [...states].map(([state, count]) => ({ kind, state, count })),
    ),
    withoutPicture,
    suffering: [...suffering].map(([suffers, count]) => ({ suffers, count })),
  };
}
