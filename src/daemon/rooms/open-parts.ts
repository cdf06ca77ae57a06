import type { Broadcast } from './broadcast.ts';
import type { OpenMedia, OpenProgramme } from './room-parts.ts';

type OpenPart =
  | { readonly of: 'programme'; readonly programme: OpenProgramme }
  | { readonly of: 'media'; readonly media: OpenMedia; readonly broadcast: Broadcast };

/** What a room has open, by the tickets that it was asked for with. */
export class OpenParts {
  readonly #parts = new Map<number, OpenPart>();
  readonly #closing = new Set<Promise<void>>();

  get tickets(): readonly number[] {
    return [...this.#parts.keys()];
  }

  add(ticket: number, part: OpenPart): void {
    this.#parts.set(ticket, part);
  }

  programme(ticket: number): OpenProgramme | undefined {
    const part = this.#parts.get(ticket);
    return part?.of === 'programme' ? part.programme : undefined;
  }

  media(ticket: number): OpenMedia | undefined {
    const part = this.#parts.get(ticket);
    return part?.of === 'media' ? part.media : undefined;
  }

  /** Gives the broadcast that has no Producers any more by that. */
  close(ticket: number): Broadcast | null {
    const part = this.#parts.get(ticket);
    this.#parts.delete(ticket);
    if (part?.of === 'media') {
      const { media, broadcast } = part;
      media.close();
      // One that came too late never was what viewers consume.
      return broadcast.producers === media.producers ? broadcast : null;
    }
    // One whose process died is gone already.
    const closing = part?.programme.close().catch(() => {});
    if (closing) {
      this.#closing.add(closing);
      void closing.finally(() => this.#closing.delete(closing));
    }
    return null;
  }

  /** Resolves when all that was closed is gone. */
  async closed(): Promise<void> {
    await Promise.all(this.#closing);
  }
}
