import type { Clock } from '../../contract/clock.ts';
import type { Trouble } from '../health.ts';
import type { Part } from './part.ts';
import type { RoomSpec, RoomState } from './room-state.ts';

/** What a room may lack. */
export type What = 'publisher' | 'programme' | 'media' | 'plan';

/** Who hears of what a room lacks. */
export interface TroubleListener {
  /** Something could not be had, and is tried again. */
  trouble(what: What, trouble: Trouble): void;
  /** What it lacks has changed; null: nothing. */
  missing(trouble: Trouble | null): void;
}

/** Tells what a room could not have, and why. */
export class Troubles {
  readonly #listener: TroubleListener;
  readonly #clock: Clock;
  /** Why parts could not be had last. */
  readonly #reasons: Partial<Record<What, string>> = {};
  /** What was told to be missing last. */
  #told = '';

  constructor(listener: TroubleListener, clock: Clock) {
    this.#listener = listener;
    this.#clock = clock;
  }

  /** It could not be had, or is gone. */
  failed(what: What, part: Part, reason: string): void {
    this.#reasons[what] = reason;
    this.#listener.trouble(what, this.#troubleOf(part, reason));
  }

  /** All that was to be done is done: what is missing now is. */
  tell(spec: RoomSpec, state: RoomState): void {
    const missing = missingIn(spec, state);
    const told = missing ? `${missing.what} ${missing.part.failures}` : '';
    if (told === this.#told) return;
    this.#told = told;
    const reason = missing && this.#reasons[missing.what];
    this.#listener.missing(reason ? this.#troubleOf(missing.part, reason) : null);
  }

  #troubleOf(part: Part, reason: string): Trouble {
    const waitMs = part.is === 'gone' ? part.notBeforeMs - this.#clock.nowMs() : 0;
    return { reason, failures: part.failures, nextTryMs: Math.max(0, waitMs) };
  }
}

interface Missing {
  readonly what: What;
  readonly part: Part;
}

/** What a room should have and has failed to get more than once; what is had again at once is not missed. Pure. */
function missingIn(spec: RoomSpec, state: RoomState): Missing | null {
  const { publishing, broadcast, keeping, closed } = state;
  if (closed) return null;
  const parts: Missing[] = publishing ? [{ what: 'publisher', part: publishing.part }] : [];
  // Without a programme there is nothing that media are opened for.
  if (broadcast?.programme.is === 'open') parts.push({ what: 'media', part: broadcast.media });
  else if (broadcast) parts.push({ what: 'programme', part: broadcast.programme });
  else if (spec.alwaysOn) parts.push({ what: 'plan', part: keeping });
  return parts.find(({ part }) => part.is !== 'open' && part.failures > 1) ?? null;
}
