import { workerData } from 'node:worker_threads';
import { systemClock } from '../../contract/clock.ts';
import { endFamily } from './descendants.ts';

/** How often the parent is looked for, in ms, and how long this process may then take to end by itself. */
const lookMs = 300;
const endMs = 1000;

const pause = (ms: number) => new Promise<void>((resolve) => systemClock.after(ms, resolve));
const { family, parent } = workerData as { readonly family: string; readonly parent: number };
while (process.ppid === parent) await pause(lookMs);
await pause(endMs);
await endFamily(family);
process.kill(process.pid, 'SIGKILL');
