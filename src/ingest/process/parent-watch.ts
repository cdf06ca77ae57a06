import { Worker } from 'node:worker_threads';

/**
 * Ends this process and its family once the daemon is gone, from a thread of its own: that a process whose loop spins, and
 * which therefore hears of nothing, does not outlive the daemon.
 */
export function watchParent(family: string): void {
  // Tests run the source itself; dist has it compiled.
  const file = import.meta.url.endsWith('.ts') ? './parent-watch-thread.ts' : './parent-watch-thread.js';
  new Worker(new URL(file, import.meta.url), {
    name: 'parent watch',
    workerData: { family, parent: process.ppid },
    resourceLimits: { maxOldGenerationSizeMb: 16, maxYoungGenerationSizeMb: 2 },
  }).unref();
}
