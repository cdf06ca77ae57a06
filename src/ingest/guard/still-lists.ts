import { hash } from 'node:crypto';
import type { Clock } from '../../contract/clock.ts';
import type { MiroliveError } from '../../contract/errors.ts';
import { keepNewest } from '../keep-newest.ts';
import { unreachable } from './network.ts';

/** A server adds something within one and a half target durations (RFC 8216, section 6.2.2): after so many it has stopped. */
const stillTargets = 3;
/** Not sooner than that, in ms: who has looked at a list opens it once more, to play it. */
const leastStillMs = 6000;
/** Lists that are remembered; those not asked for the longest go first. */
const maxLists = 1000;
/** The same of one opening, and of what leads to them: a live one has a handful. */
const maxListsOpen = 100;

interface Newest {
  /** A hash of the number and the name of the last segment. */
  readonly segment: string;
  readonly sinceMs: number;
}

/** Tells of the lists of one opening of a source. */
export interface OpenLists {
  /** An address leads to another one. */
  leads(from: string, to: string): void;
  /** A list has come. Gives why it is not to be had, where it has been the same for too long; what is open already is. */
  look(address: string, text: string): MiroliveError | null;
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

  /** @param source its address */
  open(source: string): OpenLists {
    const askedAs = new Map<string, string>();
    const open = new Set<string>();
    return {
      leads: (from, to) => keepNewest(askedAs, to, askedAs.get(from) ?? from, maxListsOpen),
      look: (address, text) => {
        const found = newestOf(text);
        if (!found) return null;
        const list = askedAs.get(address) ?? address;
        // Servers give each who asks a query of his own: those that differ by it alone are told apart by their order.
        const alike = [...open].filter((other) => nameOf(other) === nameOf(list));
        const order = alike.includes(list) ? alike.indexOf(list) : alike.length;
        const stillMs = this.#stillMs(JSON.stringify([source, nameOf(list), order]), found.segment);
        if (!open.has(list) && stillMs > Math.max(leastStillMs, stillTargets * found.targetMs))
          return unreachable(`the list of segments has had nothing new for ${Math.round(stillMs / 1000)} s`);
        if (open.size < maxListsOpen) open.add(list);
        return null;
      },
    };
  }

  #stillMs(list: string, newest: string): number {
    const nowMs = this.#clock.nowMs();
    // Names may be long, and are kept for long.
    const [key, segment] = [hash('sha256', list), hash('sha256', newest)];
    const known = this.#newest.get(key);
    const sinceMs = known?.segment === segment ? known.sinceMs : nowMs;
    keepNewest(this.#newest, key, { segment, sinceMs }, maxLists);
    return nowMs - sinceMs;
  }
}

/** The last segment of a list that more may come to; null: it has an end, or is none of segments. */
export function newestOf(text: string): { readonly segment: string; readonly targetMs: number } | null {
  // What is said to be complete is, also without its end (RFC 8216, section 4.3.3.5).
  if (/^#EXT-X-(?:ENDLIST|PLAYLIST-TYPE:VOD)/m.test(text)) return null;
  const segments = segmentsIn(text);
  const name = lastName(text);
  if (segments === 0 || name === null) return null;
  const numberIn = (tag: string) => Number(new RegExp(`^#EXT-X-${tag}:(\\d+)`, 'm').exec(text)?.[1] ?? 0);
  // What stands behind the name may be another for whoever asks.
  const segment = `${numberIn('MEDIA-SEQUENCE') + segments} ${nameOf(name)}`;
  return { segment, targetMs: numberIn('TARGETDURATION') * 1000 };
}

/** Counted one by one: a list may have a million. */
function segmentsIn(text: string): number {
  const tag = '\n#EXTINF:';
  let segments = 0;
  for (let at = text.indexOf(tag); at !== -1; at = text.indexOf(tag, at + tag.length)) segments++;
  return segments;
}

/** Looked for from the end. */
function lastName(text: string): string | null {
  for (let end = text.length; end > 0; ) {
    const start = text.lastIndexOf('\n', end - 1) + 1;
    const line = text.slice(start, end);
    if (/^[^#\s]/.test(line)) return line.trim();
    end = start - 1;
  }
  return null;
}

function nameOf(address: string): string {
  return address.replace(/\?.*$/s, '');
}
