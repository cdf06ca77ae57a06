import { readFileSync } from 'node:fs';
import { type Clock, systemClock } from '../../contract/clock.ts';
import { MiroliveError } from '../../contract/errors.ts';

/**
 * Calls at once for files of one mount: each takes a thread of libuv's, of which the pool gives this process 32, and none comes
 * back of a mount that is dead.
 */
const mostOfMount = 4;
/** What has waited so long for a disk, in ms, waits for one that is dead. */
const deadMs = 5000;

/** What the kernel is asked of files, a few at a time for each mount, so that one that is dead does not stop the files of all others. */
export class MountCalls {
  readonly #clock: Clock;
  readonly #mounts: () => readonly string[];
  /** Calls by their mounts, and when they began. */
  readonly #calls = new Map<string, Map<Promise<unknown>, number>>();

  constructor(clock: Clock = systemClock, mounts: () => readonly string[] = mountPoints) {
    this.#clock = clock;
    this.#mounts = mounts;
  }

  /**
   * @param path says which mount is asked; symbolic links on it are not followed for that
   * @throws MiroliveError SOURCE_TIMEOUT, where the mount does not answer; or with the signal's reason, while others are waited for
   */
  async run<T>(path: string, act: () => Promise<T>, signal?: AbortSignal): Promise<T> {
    const mount = mountOf(path, this.#mounts());
    const calls = this.#calls.get(mount) ?? new Map<Promise<unknown>, number>();
    this.#calls.set(mount, calls);
    while (calls.size >= mostOfMount) {
      if ([...calls.values()].every((sinceMs) => this.#clock.nowMs() - sinceMs >= deadMs))
        throw new MiroliveError(
          'SOURCE_TIMEOUT',
          `${mount} does not answer: ${calls.size} calls wait for it`,
        );
      await Promise.race(calls.keys());
      signal?.throwIfAborted();
    }
    const acting = act();
    const over: Promise<unknown> = acting.catch(() => {}).then(() => calls.delete(over));
    calls.set(over, this.#clock.nowMs());
    return await acting;
  }
}

/** The longest of the mount points that a path lies below. */
function mountOf(path: string, mounts: readonly string[]): string {
  const below = mounts.filter(
    (mount) => path === mount || path.startsWith(mount === '/' ? '/' : `${mount}/`),
  );
  return below.toSorted((a, b) => b.length - a.length)[0] ?? '/';
}

/** As proc_pid_mountinfo(5) lists them, spaces written in octal. */
function mountPoints(): string[] {
  try {
    return readFileSync('/proc/self/mountinfo', 'utf8')
      .split('\n')
      .flatMap((line) => line.split(' ')[4] ?? [])
      .map((point) =>
        point.replace(/\\([0-7]{3})/g, (_, octal) => String.fromCharCode(Number.parseInt(octal, 8))),
      );
  } catch {
    return ['/'];
  }
}
