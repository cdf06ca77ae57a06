import { createRequire } from 'node:module';

/** What is needed of koffi. */
interface Koffi {
  /** @param path null: what the process has loaded already, the C library among it */
  load(path: null): CLibrary;
}
interface CLibrary {
  func(declaration: string): unknown;
}

/** Loaded when somebody needs it for the first time: a start does not pay for it. null: it is not to be had here. */
let library: CLibrary | null | undefined;

/** A function of the C library, for what Node has no API for; null: not to be had on this machine, which is told once. */
export function cFunction<Called>(declaration: string): Called | null {
  try {
    if (library === undefined) library = (createRequire(import.meta.url)('koffi') as Koffi).load(null);
    return (library?.func(declaration) as Called) ?? null;
  } catch (error) {
    library = null;
    process.emitWarning(
      `koffi cannot be used: systemd is told nothing, and the audit log does not know users of the socket: ${(error as Error).message}`,
      'MiroliveWarning',
    );
    return null;
  }
}
