import { type Death, type Life, Restarts, type RestartsOptions } from './restarts.ts';

export interface KeptChildOptions<L extends Life> extends RestartsOptions {
  readonly start: () => L;
  /** It died; the next one is on its way. */
  readonly onDied: (life: L, death: Death<L>) => void;
}

/** A process that is there at any time: when it dies, the next one is started. */
export class KeptChild<L extends Life> {
  readonly #options: KeptChildOptions<L>;
  readonly #restarts: Restarts;
  #state: 'unused' | 'first' | 'kept' | 'closed' = 'unused';
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
    return this.#state === 'closed' ? 'it is closed' : this.#restarts.problem;
  }

  /** Keeps one from now on; rejects where the first one cannot begin, which nobody follows then. */
  async begin(): Promise<void> {
    this.#state = 'first';
    try {
      await (await this.#next())?.ready;
      if (this.#state === 'first') this.#state = 'kept';
    } catch (error) {
      await this.close();
      throw error;
    }
  }

  /** Keeps one from now on; gives it where it need not wait. */
  keep(): L | undefined {
    if (this.#state === 'closed') return undefined;
    if (this.#state === 'unused') {
      this.#state = 'kept';
      this.#again();
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

  #again(): void {
    this.#next().catch(() => this.#again());
  }

  #next(): Promise<L | null> {
    const make = () => {
      this.#life = this.#options.start();
      return this.#life;
    };
    return this.#restarts.start(make, (life, death) => {
      this.#life = undefined;
      if (this.#state === 'first') return;
      try {
        this.#options.onDied(life, death);
      } finally {
        this.#again();
      }
    });
  }
}
