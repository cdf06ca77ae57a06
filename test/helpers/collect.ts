import type { EventEmitter } from 'node:events';

/** Anything with listeners by name, and what each name is said with. */
type Emitter<M extends Record<keyof M, unknown[]>> = EventEmitter<M>;

/** What an emitter has said by one name since a test began to listen. */
export interface Collected<A extends unknown[]> {
  /** In the order in which they were said. */
  readonly all: readonly A[];
  /** The first one that was not given yet; waits for it where there is none. */
  next(): Promise<A>;
  /** All of them, once there are so many. */
  count(many: number): Promise<readonly A[]>;
}

/** So long a test waits for what has to come, on a machine that has much else to do, in ms. */
const patienceMs = 60_000;

/**
 * Listens from now on. `once` hears only what comes after it is called, and of two events at one moment only the first:
 * a test that awaits one event after the other stands still where they come together. Here nothing is lost.
 */
export function collect<M extends Record<keyof M, unknown[]>, N extends keyof M & string>(
  emitter: Emitter<M>,
  name: N,
): Collected<M[N]> {
  const all: M[N][] = [];
  const waiting = new Set<() => void>();
  let given = 0;
  const listen = (...said: unknown[]) => {
    all.push(said as M[N]);
    for (const look of waiting) look();
  };
  (emitter as EventEmitter).on(name, listen);
  const count = (many: number) =>
    new Promise<readonly M[N][]>((resolve, reject) => {
      const end = () => {
        clearTimeout(timer);
        waiting.delete(look);
      };
      const look = () => {
        if (all.length < many) return;
        end();
        resolve(all);
      };
      const timer = setTimeout(() => {
        end();
        const heard = all.map((said) => JSON.stringify(said)).join(', ');
        reject(
          new Error(`expected ${many} of '${name}' within ${patienceMs} ms, heard ${all.length}: ${heard}`),
        );
      }, patienceMs);
      waiting.add(look);
      look();
    });
  return {
    all,
    count,
    async next() {
      const index = given++;
      return (await count(index + 1))[index] as M[N];
    },
  };
}
