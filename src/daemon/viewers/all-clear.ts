import type { Viewer } from '../../contract/models.ts';

/** Somebody who watches. */
export type Person = Pick<Viewer, 'id' | 'browser'>;

/** Of so many who had it bad it is known whether they are still there. */
const most = 10_000;

/** Those who had it bad until now, and those who have it bad now. Pure. */
export function stillCounted(
  before: ReadonlySet<string>,
  viewers: readonly (Person & Pick<Viewer, 'suffers'>)[],
): ReadonlySet<string> {
  const now = viewers.filter(({ suffers }) => suffers !== null).map(nameOf);
  return now.every((name) => before.has(name)) ? before : new Set([...before, ...now].slice(0, most));
}

/**
 * Why nobody has it bad any more although it was not mended, in words; null: those who had it bad fare well. Pure.
 *
 * @param hadItBad as `stillCounted` gives them
 * @param viewers who is there now
 */
export function goneWords(
  hadItBad: ReadonlySet<string>,
  viewers: readonly (Person & Pick<Viewer, 'state'>)[],
): string | null {
  if (viewers.length === 0) return 'nobody is left: those who had it bad have gone';
  if (viewers.every(({ state }) => state === 'waiting'))
    return 'nothing is sent to those who are there: they wait';
  const stayed = viewers.filter((viewer) => hadItBad.has(nameOf(viewer))).length;
  const gone = hadItBad.size - stayed;
  if (gone <= stayed) return null;
  return stayed === 0
    ? 'those who had it bad have gone; who is there fares well'
    : `${gone} of the ${hadItBad.size} who had it bad have gone; who is there fares well`;
}

/** Who it is, over all his tries: a page that comes back is another viewer. */
export function nameOf({ id, browser }: Person): string {
  return browser ?? id;
}
