import { monitorEventLoopDelay } from 'node:perf_hooks';
import type { ViewedMachine } from '../../contract/view/view.ts';

/** How often a timer is to come, in ms; how late it is, is measured. */
const resolutionMs = 10;

/** How late the main thread comes to what is due, since the last look. It costs nothing while it is not on. */
export class LoopLag {
  readonly #histogram = monitorEventLoopDelay({ resolution: resolutionMs });

  start(): void {
    this.#histogram.reset();
    this.#histogram.enable();
  }

  stop(): void {
    this.#histogram.disable();
  }

  /** null: nothing was measured yet. */
  look(): ViewedMachine['loopLagMs'] {
    const { count } = this.#histogram;
    const [p50, p99, max] = [this.#late(50), this.#late(99), this.#late(100)];
    this.#histogram.reset();
    return count === 0 ? null : { p50, p99, max };
  }

  /** It counts in ns, and its own interval too. */
  #late(percentile: number): number {
    const ms = this.#histogram.percentile(percentile) / 1e6 - resolutionMs;
    return Math.max(0, Math.round(ms * 10) / 10);
  }
}
