import { Restarts, type RestartsOptions } from './restarts.ts';
import type { ChildDeath } from './watched-child.ts';

/** One life of a process. */
export interface Life {
  readonly ready: Promise<unknown>;
  readonly ended: Promise<ChildDeath>;
  close(): Promise<void>;
}

export interface KeptChildOptions<L extends Life> extends RestartsOptions {
  readonly start: () => L;
  /** It died; the next one is on its way. */
  readonly onDied: (life: L, death: ChildDeath) => void;
}

/** A process that is there at any time: when it dies, the next one is started. */
export class KeptChild<L extends Life> {
  readonly #options: KeptChildOptions<L>;
  readonly #restarts: Restarts;
  #state: 'unused' | 'kept' | 'closed' = 'unused';
  #life: L | undefined;

  constructor(options: KeptChildOptions<L>) {
    this.#options = options;
    this.#restarts = new Restarts(options);
  }

  /** Undefined where none was wanted yet, and while the next one has to wait. */
  get life(): L | undefined {
    return this.#life;
  }

  /** Why there is none, in words. */
  get problem(): string {
    return this.#restarts.problem;
  }

  /** Keeps one from now on; gives it where it need not wait. */
  keep(): L | undefined {
    if (this.#state === 'unused') {
      this.#state = 'kept';
      this.#next();
    }
    return this.#life;
  }

  /** Somebody waits: one that is to be started later is started now. */
  hurry(): void {
    this.#restarts.hurry();
  }

  async close(): Promise<void> {
    this.#state = 'closed';
    this.#restarts.close();
    await this.#life?.close();
  }

  #next(): void {
    this.#restarts.next((attempt) => {
      if (!attempt) return;
      const life = this.#options.start();
      this.#life = life;
      life.ready.then(attempt.ready, () => {});
      void life.ended.then((death) => {
        if (this.#state === 'closed') return;
        this.#life = undefined;
        attempt.failed(death.message);
        this.#options.onDied(life, death);
        this.#next();
      });
    });
  }
}
