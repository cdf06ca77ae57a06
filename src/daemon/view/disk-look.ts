import { statfs } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { ViewedMachine } from '../../contract/view/view.ts';

/** Disks fill slowly, and one that is on a network may be slow to tell: looked at so seldom, in ms. */
const everyMs = 10_000;

/** What is written to, and where. */
export interface KeptPlace {
  readonly of: ViewedMachine['disks'][number]['of'];
  /** A folder, or a file in it. */
  readonly path: string;
}

/** How full the disks are that something is written to. A mount that is dead holds up nobody, and is asked again only when it has answered. */
export class DiskLook {
  #disks: ViewedMachine['disks'] = [];
  #atMs = Number.NEGATIVE_INFINITY;
  #isLooking = false;

  /** What is known by now; it is looked at anew beside. @param nowMs by the monotonic clock */
  look(places: readonly KeptPlace[], nowMs: number): ViewedMachine['disks'] {
    if (!this.#isLooking && nowMs - this.#atMs >= everyMs) void this.#ask(places, nowMs);
    return this.#disks;
  }

  async #ask(places: readonly KeptPlace[], nowMs: number): Promise<void> {
    this.#isLooking = true;
    this.#atMs = nowMs;
    const found = await Promise.all(places.map(diskOf));
    this.#disks = found.filter((disk) => disk !== null);
    this.#isLooking = false;
  }
}

async function diskOf({ of, path }: KeptPlace): Promise<ViewedMachine['disks'][number] | null> {
  const found = await statfs(path).catch(() => statfs(dirname(path)).catch(() => null));
  if (!found) return null;
  const { bavail, blocks, bsize } = found;
  return { of, path, freeBytes: bavail * bsize, totalBytes: blocks * bsize };
}
