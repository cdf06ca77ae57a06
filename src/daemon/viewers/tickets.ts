import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import type { StateStore } from '../state/state-store.ts';
import { ticketKey } from '../state/ticket-key.ts';

/** `mlv_VIEWER_SIGNATURE`: also a name of a WebSocket's protocol (RFC 6455, 4.1). */
const form = /^mlv_(v-[a-z2-7]{10})_([\w-]{43})$/;

/**
 * By what a page that comes back is the viewer that it was: its id, signed for its room. Nothing is kept for it but the key, by which it
 * is so after a restart of the daemon, too; where the state cannot be used, a viewer is another one then.
 */
export class Tickets {
  readonly #store: Pick<StateStore, 'write'>;
  #key: string | undefined;

  constructor(store: Pick<StateStore, 'write'>) {
    this.#store = store;
  }

  /** The ticket of a viewer. */
  of(room: string, id: string): string {
    return `mlv_${id}_${this.#signature(room, id)}`;
  }

  /** Whose ticket it is, in this room; null: it is none. */
  holder(room: string, ticket: string): string | null {
    const [, id, signed] = form.exec(ticket) ?? [];
    if (id === undefined || signed === undefined) return null;
    return timingSafeEqual(Buffer.from(signed), Buffer.from(this.#signature(room, id))) ? id : null;
  }

  #signature(room: string, id: string): string {
    this.#key ??= this.#kept() ?? randomBytes(32).toString('base64url');
    return createHmac('sha256', this.#key).update(`${room} ${id}`).digest('base64url');
  }

  #kept(): string | null {
    try {
      return this.#store.write(ticketKey);
    } catch {
      // The store has logged it.
      return null;
    }
  }
}
