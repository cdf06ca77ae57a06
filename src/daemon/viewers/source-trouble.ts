import { contentWords } from '../../contract/content-words.ts';
import type { Event } from '../../contract/events.ts';
import type { OnAir } from '../../contract/models.ts';
import type { ProgrammeState } from '../../contract/programme-state.ts';
import { lackWords } from '../../contract/source-words.ts';
import { slateReason } from '../view/health-of.ts';

/** What went wrong longer ago than this, in ms, is no cause of what is now. */
const troubleMs = 60_000;

/** What is on air, by its name. */
export type OnAirName = Pick<OnAir, 'entry' | 'words'>;

/** What is wrong with what is on air, in words, as it is now; null: nothing, whatever stands by. Pure. */
export function troubleNow(
  programme: Pick<ProgrammeState, 'onAir' | 'entries' | 'content' | 'wanted'>,
): string | null {
  const { onAir, entries, content } = programme;
  const instead = slateReason(programme);
  if (instead !== null) return instead;
  const { lacks = [] } = entries.find(({ entry }) => entry === onAir.entry) ?? {};
  if (lacks.length > 0) return lackWords(onAir.words, lacks);
  const frozen = content.wrong.find(({ fault }) => fault === 'frozen');
  return frozen ? contentWords(onAir.words, frozen) : null;
}

/** What went wrong at a moment. */
interface Trouble {
  readonly atMs: number;
  /** What was on air then. */
  readonly of: OnAirName;
  readonly words: string;
}

/** What went wrong with what is on air in the last minute, and is told by no state: the newest of each room. It is told the time. */
export class RecentTroubles {
  readonly #troubles = new Map<string, Trouble>();

  /** How many rooms have one. */
  get size(): number {
    return this.#troubles.size;
  }

  /** Something happens. @param onAirIn what is on air in a room then; null: nothing */
  note(event: Event, onAirIn: (room: string) => OnAirName | null, atMs: number): void {
    for (const [room, trouble] of this.#troubles) if (isOver(trouble, atMs)) this.#troubles.delete(room);
    const found = troubleOf(event, onAirIn);
    if (found) this.#troubles.set(found.room, { atMs, of: found.of, words: found.words });
    else if (event.type === 'broadcast.ended') this.#troubles.delete(event.room);
  }

  /** In words; null: nothing of it is so any more. @param onAir what is on air in the room now */
  of(room: string, onAir: OnAirName | null, nowMs: number): string | null {
    const trouble = this.#troubles.get(room);
    return trouble && onAir && isSame(trouble.of, onAir) && !isOver(trouble, nowMs) ? trouble.words : null;
  }
}

function troubleOf(
  event: Event,
  onAirIn: (room: string) => OnAirName | null,
): (Pick<Trouble, 'of' | 'words'> & { readonly room: string }) | null {
  switch (event.type) {
    case 'pipeline.overloaded': {
      const of = onAirIn(event.room);
      return of && { room: event.room, of, words: 'this machine makes its picture slower than it plays' };
    }
    case 'source.gap': {
      const of = onAirIn(event.room);
      const words = `${event.words} has gaps: ${event.reason}`;
      return of?.entry === event.entry ? { room: event.room, of, words } : null;
    }
    case 'programme.switched': {
      const { room, from: of, reason } = event;
      const isLost = of.entry !== 'slate' && (reason === 'away' || reason === 'failed');
      return isLost ? { room, of, words: `${of.words} was away a moment ago` } : null;
    }
    default:
      return null;
  }
}

function isSame(one: OnAirName, other: OnAirName): boolean {
  return one.entry === other.entry && one.words === other.words;
}

function isOver({ atMs }: Trouble, nowMs: number): boolean {
  return nowMs - atMs > troubleMs;
}
