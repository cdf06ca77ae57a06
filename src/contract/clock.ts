/** Something that will happen unless it is called off. */
export interface Timer {
  /** Harmless once it has happened. */
  cancel(): void;
}

/** Time as whatever decides is told it: the machine's, or that of a simulation. */
export interface Clock {
  /** Monotonic, in ms, from an origin of no meaning. */
  nowMs(): number;
  /** Wall clock, in ms since 1970: for what is shown and stored, never for distances. */
  wallMs(): number;
  /** Calls `act` once, `ms` from now at the earliest; any length, also more than a timer of the machine takes. */
  after(ms: number, act: () => void): Timer;
}

/** The machine's timers fire at once when they are told more than this, in ms. */
const longestTimerMs = 2 ** 31 - 1;

/** The machine's time. */
export const systemClock: Clock = {
  nowMs: () => performance.now(),
  wallMs: () => Date.now(),
  after(ms, act) {
    let timer: ReturnType<typeof setTimeout>;
    const wait = (leftMs: number) => {
      const stepMs = Math.min(Math.max(0, leftMs), longestTimerMs);
      timer = setTimeout(() => (leftMs > stepMs ? wait(leftMs - stepMs) : act()), stepMs);
    };
    wait(ms);
    return { cancel: () => clearTimeout(timer) };
  },
};

/** The machine's chance: a number from 0 to below 1. */
export const systemChance = (): number => Math.random();

/** Calls `act` again and again, `ms` after each time, until it is called off. */
export function every(clock: Clock, ms: number, act: () => void): Timer {
  let timer = clock.after(ms, step);
  function step(): void {
    timer = clock.after(ms, step);
    act();
  }
  return { cancel: () => timer.cancel() };
}

/** Resolves after so long, in ms, or as soon as `signal` aborts. */
export async function pause(clock: Clock, ms: number, signal?: AbortSignal): Promise<void> {
  if (signal?.aborted) return;
  const { promise, resolve } = Promise.withResolvers<void>();
  const timer = clock.after(ms, resolve);
  const leave = () => resolve();
  signal?.addEventListener('abort', leave);
  await promise;
  signal?.removeEventListener('abort', leave);
  timer.cancel();
}
