import type { ContentTrouble } from './content.ts';

/** In words, without since when: `black picture from cam1`. */
export function contentWords(words: string, { fault, hadSound }: Omit<ContentTrouble, 'since'>): string {
  if (fault === 'silent') return hadSound ? `no sound any more from ${words}` : `silence from ${words}`;
  return `${faultWords[fault]} from ${words}`;
}

/** Why a source is not on air although it comes. */
export const blankWords = 'black picture and silence';

const faultWords = {
  black: 'black picture',
  frozen: 'frozen picture',
  clipping: 'sound too loud, cut off at full scale,',
} as const;
