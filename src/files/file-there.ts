import { readdir, stat } from 'node:fs/promises';
import { basename, dirname, extname } from 'node:path';
import { fromWindows1252, pathBytes, shownBytes, textFromBytes } from '../contract/path-bytes.ts';

/** Names that are compared with one that is not there, at most. */
const mostCompared = 20_000;

/** What lists of other machines write otherwise than the names of files here are. */
const writings: readonly ((path: string) => string)[] = [
  percentDecoded,
  (path) => path.replaceAll('\\', '/'),
  fromWindows1252,
  (path) => path.normalize('NFC'),
  (path) => path.normalize('NFD'),
];

/** Asks the kernel something of a file, which may take long, or fail, where its mount is dead. */
export type Ask = <T>(path: string, act: () => Promise<T>) => Promise<T>;

export const askAtOnce: Ask = (_, act) => act();

/** Files of a list that were looked for in vain, after which the others are taken as they are written. */
const mostInVain = 500;

/** The files that a list means. */
export class FileNames {
  readonly #ask: Ask;
  #inVain = 0;

  constructor(ask: Ask) {
    this.#ask = ask;
  }

  /**
   * A file as it is written, or, where there is none, with `%C3%A9`, `\`, Windows-1252, or accents composed otherwise taken for what
   * they stand for. Where none is there, its path as people read it.
   */
  async meant(path: string): Promise<string> {
    // What has nothing of that is not looked for.
    const isPlain = /^[\x20-\x7e]*$/.test(path) && !/[%\\]/.test(path);
    if (isPlain || this.#inVain >= mostInVain) return path;
    let readings = [path];
    for (const read of writings) readings = [...new Set([...readings, ...readings.map(read)])];
    try {
      for (const reading of readings) if (await isThere(reading, this.#ask)) return reading;
    } catch {
      // A mount that does not answer is not asked again.
      this.#inVain = mostInVain;
      return path;
    }
    this.#inVain++;
    return fromWindows1252(path);
  }
}

/** What differs in the name of a file that is there, from one that is not: `talk.MP4, which differs in …`; null: there is none like it. */
export async function fileLike(written: string): Promise<string | null> {
  // As Windows writes it.
  const path = written.replaceAll('\\', '/');
  const wanted = basename(path);
  const names = await readdir(pathBytes(dirname(path)), { encoding: 'buffer' }).catch(() => []);
  const known = names.slice(0, mostCompared).map(textFromBytes);
  for (const [differs, alike] of likenesses) {
    const name = known.find((one) => one !== wanted && alike(one) === alike(wanted));
    if (name !== undefined) return `${shownBytes(name)}, which differs in ${differs}`;
  }
  return null;
}

const composed = (name: string) => fromWindows1252(name).normalize('NFC');
const decoded = (name: string) => composed(percentDecoded(name));
const lower = (name: string) => decoded(name).toLowerCase();
const spaced = (name: string) =>
  lower(name)
    .replace(/[\s_-]+/g, ' ')
    .trim();

/** From the nearest on. */
const likenesses: readonly [differs: string, alike: (name: string) => string][] = [
  ['how its letters are encoded', composed],
  ['what stands for its odd letters', decoded],
  ['upper and lower case', lower],
  ['spaces', spaced],
  ['accents', (name) => spaced(name).normalize('NFD').replace(/\p{M}/gu, '')],
  ['its ending', (name) => lower(name.slice(0, name.length - extname(name).length))],
];

function percentDecoded(path: string): string {
  try {
    return decodeURIComponent(path);
  } catch {
    return path;
  }
}

async function isThere(path: string, ask: Ask): Promise<boolean> {
  if (path.includes('\0')) return false;
  const look = () =>
    stat(pathBytes(path)).then(
      () => true,
      () => false,
    );
  return await ask(path, look);
}
