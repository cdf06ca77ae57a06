import type { Source } from '../../contract/models.ts';
import type { PlanOptions } from './plan-options.ts';

/** What an operator has chosen of a source's sound. */
export function chosenSound(source: Source | null): Pick<PlanOptions, 'audioTrack' | 'audioMap'> {
  if (source?.kind !== 'file' && source?.kind !== 'url') return { audioTrack: null, audioMap: undefined };
  return { audioTrack: source.audioTrack, audioMap: source.audioMap };
}
