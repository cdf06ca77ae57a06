/** What a part of the set-up needs from the system. */
export type PackageGroup = 'media' | 'worker' | 'browser' | 'whep' | 'srt' | 'srtp' | 'link' | 'desktop';

/** The Debian packages of these groups that are not installed. */
export function missingPackages(groups: readonly PackageGroup[], env?: NodeJS.ProcessEnv): string[];

/** Installs packages as root on a Debian-like system; otherwise fails with what the operator has to do. */
export function installPackages(
  missing: readonly string[],
  options?: { readonly signal?: AbortSignal; readonly root?: boolean; readonly env?: NodeJS.ProcessEnv },
): Promise<void>;
