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
/** Nobody waits longer than this for a mount, in ms: a disk that sleeps needs up to ten seconds. */
const waitMs = 12_000;

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
   * @param onLate hears of what comes when nobody waits any more
   * @throws MiroliveError SOURCE_TIMEOUT, where the mount does not answer; or with the signal's reason, while others are waited for
   */
  async run<T>(
    path: string,
    act: () => Promise<T>,
    {
      signal,
      onLate,
    }: { readonly signal?: AbortSignal | undefined; readonly onLate?: (late: T) => void } = {},
  ): Promise<T> {
    const mount = mountOf(path, this.#mounts());
    const calls = this.#calls.get(mount) ?? new Map<Promise<unknown>, number>();
    this.#calls.set(mount, calls);
    const silent = Promise.withResolvers<never>();
    let isLate = false;
    const timer = this.#clock.after(waitMs, () => {
      isLate = true;
      silent.reject(unanswered(mount, `nothing came of it for ${waitMs / 1000} s`));
    });
    try {
      while (calls.size >= mostOfMount) {
        if ([...calls.values()].every((sinceMs) => this.#clock.nowMs() - sinceMs >= deadMs))
          throw unanswered(mount, `${calls.size} calls wait for it`);
        await Promise.race([...calls.keys(), silent.promise]);
        signal?.throwIfAborted();
      }
      const acting = act();
      const over: Promise<unknown> = acting
        .then(
          (value) => isLate && onLate?.(value),
          () => {}, // Whoever waits hears of it.
        )
        .then(() => calls.delete(over));
      calls.set(over, this.#clock.nowMs());
      return await Promise.race([acting, silent.promise]);
    } finally {
      timer.cancel();
    }
  }
}

function unanswered(mount: string, why: string): MiroliveError {
  return new MiroliveError('SOURCE_TIMEOUT', `${mount} does not answer: ${why}`, {
    hint: `See to what is mounted at ${mount}, then try again`,
  });
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
