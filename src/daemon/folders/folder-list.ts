/** A file as a look at it has found it. */
export interface FileSight {
  /** Differs where it is another file, or was written since. */
  readonly stamp: string;
  /** When it was written last, in ms since 1970. */
  readonly writtenMs: number;
}

/** What a look at a folder has found. */
export interface FolderSight {
  /** All names in it; null: they are those of the look before. */
  readonly names: readonly string[] | null;
  /** Those that were looked at; null: it is gone, or no file that can be played. */
  readonly files: ReadonlyMap<string, FileSight | null>;
  /** In ms since 1970. */
  readonly wallMs: number;
}

/** What a look has changed, by names, with their stamps. */
export interface FolderNews {
  readonly added: ReadonlyMap<string, string>;
  readonly removed: readonly string[];
  readonly replaced: ReadonlyMap<string, string>;
}

/** A file that was the same for so long, in ms, is not written any more: uploads pause for less. */
export const restsMs = 5000;

/** Taken files that are looked at again with each look, one after the other: where nobody tells of what is written in place. */
const revisited = 100;

/** The files of a folder that are played. One that is written is left out, or stays as it was, until it is at rest. Pure: it is told the time. */
export class FolderList {
  readonly #most: number;
  /** Stamps by names. */
  readonly #taken: Map<string, string>;
  readonly #growing = new Map<string, { readonly stamp: string; readonly sinceMs: number }>();
  /** Heard of since the last look began. */
  #heard = new Set<string>();
  /** To be looked at by the look that goes on. */
  #asked = new Set<string>();
  /** Taken names that are still to be revisited this time round. */
  #round: string[] = [];
  readonly #leftOut = new Set<string>();

  /** @param taken what is played already @param most how many are taken at most */
  constructor(taken: ReadonlyMap<string, string>, most: number) {
    this.#taken = new Map(taken);
    this.#most = most;
  }

  get taken(): ReadonlyMap<string, string> {
    return this.#taken;
  }

  /** How many are left out since there are more than are taken. */
  get leftOut(): number {
    return this.#leftOut.size;
  }

  /** Whether some are written, or are not known yet: they are looked at again soon. */
  get isSettling(): boolean {
    return this.#growing.size > 0;
  }

  /** Something was heard of a file. */
  heard(name: string): void {
    this.#heard.add(name);
  }

  /**
   * A look begins. Gives the names that it is to look at.
   *
   * @param names all that are there; null: those of before
   * @param revisits some that are taken too
   */
  toLookAt(names: readonly string[] | null, revisits: boolean): string[] {
    const isNew = (name: string) => !this.#taken.has(name);
    const fresh = names?.filter(isNew) ?? [];
    for (const name of this.#heard) this.#asked.add(name);
    this.#heard = new Set();
    if (revisits && this.#round.length === 0) this.#round = [...this.#taken.keys()];
    const again = revisits ? this.#round.splice(-revisited) : [];
    return [...new Set([...this.#asked, ...this.#growing.keys(), ...fresh, ...again])];
  }

  /**
   * A look has found something.
   *
   * @param first nothing was seen of them before: what was written long ago is at rest
   */
  see({ names, files, wallMs }: FolderSight, nowMs: number, first: boolean): FolderNews {
    const removed: string[] = [];
    const gone = (name: string) => {
      this.#growing.delete(name);
      this.#leftOut.delete(name);
      if (this.#taken.delete(name)) removed.push(name);
    };
    if (names) {
      const there = new Set(names);
      const known = [...this.#taken.keys(), ...this.#growing.keys(), ...this.#leftOut];
      for (const name of known) if (!there.has(name)) gone(name);
    }
    const added = new Map<string, string>();
    const replaced = new Map<string, string>();
    this.#asked.clear();
    for (const [name, sight] of files) {
      if (!sight) gone(name);
      else if (this.#taken.get(name) === sight.stamp) this.#growing.delete(name);
      else if (this.#rests(name, sight, nowMs, first ? wallMs : null)) {
        const isNew = !this.#taken.has(name);
        this.#growing.delete(name);
        if (isNew && this.#taken.size >= this.#most) {
          this.#leftOut.add(name);
          continue;
        }
        this.#leftOut.delete(name);
        this.#taken.set(name, sight.stamp);
        (isNew ? added : replaced).set(name, sight.stamp);
      }
    }
    return { added, removed, replaced };
  }

  #rests(name: string, { stamp, writtenMs }: FileSight, nowMs: number, wallMs: number | null): boolean {
    if (wallMs !== null && wallMs - writtenMs >= restsMs) return true;
    const before = this.#growing.get(name);
    if (before?.stamp === stamp) return nowMs - before.sinceMs >= restsMs;
    this.#growing.set(name, { stamp, sinceMs: nowMs });
    return false;
  }
}
