import type { Suffering } from '../../contract/models.ts';
import type { Common } from './who-suffers.ts';

/** Where to look first. */
export type Cause = 'line' | 'server' | 'source';

/** A cause, and why it is likelier than the others. */
export interface LikelyCause {
  readonly cause: Cause;
  readonly reason: string;
}

/** How hard the server works, in the last seconds; null: not known. */
export interface Strain {
  /** How late the main thread came to its work, at worst. */
  readonly lagMs: number;
  /** What the room's worker takes of one core. */
  readonly workerPercent: number | null;
  /** Of all cores. */
  readonly cpuPercent: number | null;
}

/** From here on signalling is late enough to be seen. */
const lateMs = 250;
/** A worker has one core: packets wait from here on. */
const busyWorkerPercent = 90;
/** Whoever is due waits for a core. */
const busyPercent = 95;

/** What is known when many suffer. */
export interface Known {
  readonly who: Common;
  readonly most: Suffering;
  readonly strain: Strain;
  /** What went wrong with what is on air in the last minute, in words; null: nothing. */
  readonly trouble: string | null;
}

/** Whether the line, the server or the source is the likelier cause. Pure. */
export function likelyCause({ who, most, strain, trouble }: Known): LikelyCause {
  if (most === 'picture')
    return { cause: 'source', reason: 'their browsers have no decoder for the picture that is on air' };
  if (who.by === 'network')
    return { cause: 'line', reason: `they all come from ${who.address}, and others fare well` };
  const strained = strainWords(strain);
  if (strained !== null) return { cause: 'server', reason: strained };
  if (trouble !== null) return { cause: 'source', reason: trouble };
  if (who.by === 'rendition')
    return {
      cause: 'source',
      reason: `they all get ${who.rendition}, and who gets another rendition fares well`,
    };
  switch (most) {
    case 'frozen':
      return { cause: 'source', reason: 'their pictures stand still although little is lost on the way' };
    case 'connecting':
      return {
        cause: 'line',
        reason: 'their media does not come through: UDP may be blocked, or a wrong address be announced',
      };
    case 'loss':
      return {
        cause: 'line',
        reason: 'packets are lost on the way, from several networks: the line of this server may be full',
      };
  }
}

function strainWords({ lagMs, workerPercent, cpuPercent }: Strain): string | null {
  if (workerPercent !== null && workerPercent >= busyWorkerPercent)
    return `the room's media worker takes ${Math.round(workerPercent)} % of a core`;
  if (cpuPercent !== null && cpuPercent >= busyPercent)
    return `all cores of this machine are busy (${Math.round(cpuPercent)} %)`;
  return lagMs >= lateMs ? `the daemon comes ${Math.round(lagMs)} ms late to its work` : null;
}
