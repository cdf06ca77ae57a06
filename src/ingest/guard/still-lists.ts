import { hash } from 'node:crypto';
import type { Clock } from '../../contract/clock.ts';
import type { MiroliveError } from '../../contract/errors.ts';
import { unreachable } from './network.ts';

/** A server adds something within one and a half target durations (RFC 8216, section 6.2.2): after so many it has stopped. */
const stillTargets = 3;
/** Not sooner than that, in ms: who has looked at a list opens it once more, to play it. */
const leastStillMs = 6000;
/** Lists that are remembered; those not asked for the longest go first. */
const maxLists = 1000;

interface Newest {
  /** A hash of the number and the name of the last segment. */
  readonly segment: string;
  readonly sinceMs: number;
}

/**
 * Knows live lists of HLS that stand still, as their encoder has died: whoever opens one anew would be given what was shown before.
 */
export class StillLists {
  readonly #clock: Clock;
  readonly #newest = new Map<string, Newest>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /**
   * To be told of each list that comes. Gives why it is not to be had, where it has been the same for too long.
   *
   * @param list its address
   * @param isOpen who asks has it open already: it is given what there is
   */
  look(list: string, text: string, isOpen: boolean): MiroliveError | null {
    const found = newestOf(text);
    if (!found) return null;
    const nowMs = this.#clock.nowMs();
    // Names may be long, and are kept for long.
    const [key, segment] = [hash('sha256', list), hash('sha256', found.segment)];
    const known = this.#newest.get(key);
    const sinceMs = known?.segment === segment ? known.sinceMs : nowMs;
    this.#newest.delete(key);
    this.#newest.set(key, { segment, sinceMs });
    const [oldest] = this.#newest.keys();
    if (this.#newest.size > maxLists && oldest !== undefined) this.#newest.delete(oldest);
    const stillMs = nowMs - sinceMs;
    if (isOpen || stillMs <= Math.max(leastStillMs, stillTargets * found.targetMs)) return null;
    return unreachable(`the list of segments has had nothing new for ${Math.round(stillMs / 1000)} s`);
  }
}

/** The last segment of a list that more may come to; null: it has an end, or is none of segments. */
export function newestOf(text: string): { readonly segment: string; readonly targetMs: number } | null {
  if (/^#EXT-X-ENDLIST/m.test(text)) return null;
  const segments = text.match(/^#EXTINF:/gm)?.length ?? 0;
  const name = text.match(/^[^#\s].*$/gm)?.at(-1);
  if (segments === 0 || name === undefined) return null;
  const numberIn = (tag: string) => Number(new RegExp(`^#EXT-X-${tag}:(\\d+)`, 'm').exec(text)?.[1] ?? 0);
  // What stands behind the name may be another for whoever asks.
  const segment = `${numberIn('MEDIA-SEQUENCE') + segments} ${name.trim().replace(/\?.*$/, '')}`;
  return { segment, targetMs: numberIn('TARGETDURATION') * 1000 };
}
