import type { OpenMedia, OpenProgramme } from './room-parts.ts';

type OpenPart =
  | { readonly of: 'programme'; readonly programme: OpenProgramme }
  | { readonly of: 'media'; readonly media: OpenMedia };

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

  close(ticket: number): void {
    const part = this.#parts.get(ticket);
    this.#parts.delete(ticket);
    if (part?.of === 'media') part.media.close();
    if (part?.of !== 'programme') return;
    // One whose process died is gone already.
    const closing = part.programme.close().catch(() => {});
    this.#closing.add(closing);
    void closing.finally(() => this.#closing.delete(closing));
  }

  /** Resolves when all that was closed is gone. */
  async closed(): Promise<void> {
    await Promise.all(this.#closing);
  }
}
