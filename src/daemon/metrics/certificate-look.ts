import { X509Certificate } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import type { Figures } from './figures.ts';

/** They are renewed every few weeks: looked at so seldom, in ms. */
const everyMs = 60_000;
/** A chain of certificates has some kB. */
const mostBytes = 256 * 1024;

/** A certificate that the configuration names. */
export interface CertificateFile {
  readonly of: string;
  readonly file: string;
}

/** Until when certificates hold; one that cannot be read holds no more. */
export class CertificateLook {
  #known: Figures['certificates'] = [];
  #atMs = Number.NEGATIVE_INFINITY;
  #isLooking = false;

  /** What is known by now; it is looked at anew beside. @param nowMs by the monotonic clock */
  look(files: readonly CertificateFile[], nowMs: number): Figures['certificates'] {
    if (!this.#isLooking && nowMs - this.#atMs >= everyMs) void this.#read(files, nowMs);
    return this.#known;
  }

  async #read(files: readonly CertificateFile[], nowMs: number): Promise<void> {
    this.#isLooking = true;
    this.#atMs = nowMs;
    const found = await Promise.all(files.map(async (one) => ({ of: one.of, endsAtMs: await endOf(one) })));
    this.#known = found;
    this.#isLooking = false;
  }
}

async function endOf({ file }: CertificateFile): Promise<number> {
  try {
    const text = await readFile(file);
    return text.length > mostBytes ? 0 : new X509Certificate(text).validToDate.getTime();
  } catch {
    return 0;
  }
}
