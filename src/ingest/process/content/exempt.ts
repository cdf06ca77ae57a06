import type { ContentFault } from '../../../contract/content.ts';
import type { Source } from '../../../contract/models.ts';
import type { Plan } from '../../../contract/plan.ts';

/** What is known of what is on air. */
export interface Aired {
  readonly source: Source;
  /** null: not known. */
  readonly plan: Plan | null;
  /** It is a still picture. */
  readonly picture: boolean;
  /** Tracks of which nothing comes, which is told already. */
  readonly lacks: readonly ('video' | 'audio')[];
  /** As an operator has set it. */
  readonly volumePercent: number;
}

const all = ['black', 'frozen', 'silent', 'clipping'] as const;
const pictures = ['black', 'frozen'] as const;
const sounds = ['silent', 'clipping'] as const;
/** Fewer pictures a second than this come seldom, and stand still by nature. */
const seldomFps = 2;

/** What is no fault of what is on air: it is so by nature, by an operator's wish, or told already. */
export function exemptOf({ source, plan, picture, lacks, volumePercent }: Aired): ReadonlySet<ContentFault> {
  const { kind } = source;
  const exempt = new Set<ContentFault>();
  const add = (faults: readonly ContentFault[]) => {
    for (const fault of faults) exempt.add(fault);
  };
  if (kind === 'slate' || kind === 'card' || kind === 'test') add(all);
  if (picture) add(pictures);
  if (kind === 'screen' || kind === 'window') add(['frozen']);
  if (plan && !plan.video) add(pictures);
  if (plan && !plan.audio) add(sounds);
  if ((plan?.video?.fps ?? seldomFps) < seldomFps) add(['frozen']);
  if (lacks.includes('video')) add(pictures);
  if (lacks.includes('audio') || volumePercent === 0) add(sounds);
  return exempt;
}
