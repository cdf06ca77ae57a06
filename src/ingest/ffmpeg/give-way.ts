import { setPriority } from 'node:os';
import { dieFirst } from './out-of-memory.ts';

/**
 * Sets the place of an ffmpeg among all that runs: before others where memory runs out, behind them where processors do.
 *
 * @param niceness 1 to 19, as of setpriority(2); 0: it gives way to nobody
 */
export function giveWay(pid: number, niceness: number): void {
  dieFirst(pid);
  if (niceness === 0) return;
  try {
    setPriority(pid, niceness);
  } catch {
    // It has ended already, and how it ended says more.
  }
}
