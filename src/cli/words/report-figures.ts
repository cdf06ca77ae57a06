import type { ReportFigures } from '../../contract/report.ts';
import { count, span } from './format.ts';

/** What is not known. */
export const unknown = '–';

/** The figures of a report in words, one behind the other: what they are called, and what they are. Pure. */
export function figureWords(total: ReportFigures): (readonly [name: string, words: string])[] {
  const { there, joined, left, peak, average, minutesWatched, freezesPerHour, bestShare, firstPicture } =
    total;
  return [
    ['viewers', `${there + joined}: ${there} there before, ${joined} joined; ${left} left`],
    ['at once', `${peak} at most, ${average} on average`],
    ['watched', watchedWords(minutesWatched)],
    ['freezes', freezesPerHour === null ? unknown : `${freezesPerHour} for each hour watched`],
    ['best quality', bestShare === null ? unknown : `${percent(bestShare)} of the time`],
    [
      'first picture',
      firstPicture === null
        ? unknown
        : `${seconds(firstPicture.p50Ms)} half of them, ${seconds(firstPicture.p95Ms)} 95 of 100 (of ${count(firstPicture.count, 'page')})`,
    ],
  ];
}

/** `2 h 34 min` of minutes. */
export function watchedWords(minutes: number): string {
  return span(minutes * 60_000);
}

/** `61 %` */
export function percent(share: number): string {
  return `${Math.round(share * 100)} %`;
}

/** `0.6 s` */
export function seconds(ms: number): string {
  return `${(ms / 1000).toFixed(1)} s`;
}
