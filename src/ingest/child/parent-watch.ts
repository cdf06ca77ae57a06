import { Worker } from 'node:worker_threads';
import { builtProgram } from '../../contract/installation.ts';

/**
 * Ends this process and its family once the daemon is gone, from a thread of its own: that a process whose loop spins, and
 * which therefore hears of nothing, does not outlive the daemon. @param parent the daemon's pid, as it says itself: it may be gone by now
 */
export function watchParent(family: string, parent: number): void {
  new Worker(builtProgram('ingest/child/parent-watch-thread'), {
    name: 'parent watch',
    workerData: { family, parent },
    resourceLimits: { maxOldGenerationSizeMb: 16, maxYoungGenerationSizeMb: 2 },
  }).unref();
}
