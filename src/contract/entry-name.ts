import type { WantedCandidate } from './snapshot.ts';
import { sourceWords } from './source-words.ts';

/** Whether an entry was put above the programme, and is over when its source is: what somebody took, and runs of schedules. */
export function isPutAbove(name: string): boolean {
  return name === 'take' || name === 'run';
}

/** What a candidate is called: `talk.mp4`; of a run `The morning show (schedule morning)`. */
export function candidateWords({ source, run }: Pick<WantedCandidate, 'source' | 'run'>): string {
  const words = run?.title ?? sourceWords(source);
  return run ? `${words} (schedule ${run.schedule})` : words;
}
