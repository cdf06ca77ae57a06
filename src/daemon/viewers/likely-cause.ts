import type { Suffering } from '../../contract/models.ts';
import type { Next } from './next-step.ts';
import type { Common } from './who-suffers.ts';

/** Where to look first. */
export type Cause = 'line' | 'server' | 'source';

/** A cause, and why it is likelier than the others. */
export interface LikelyCause {
  readonly cause: Cause;
  readonly reason: string;
  /** What leads on. */
  readonly next: Next;
}

/** How hard the server works, in the last seconds; null: not known. */
export interface Strain {
  /** How late the main thread came to its work, at worst. */
  readonly lagMs: number;
  /** What the room's worker takes of one core. */
  readonly workerPercent: number | null;
  /** Of all cores. */
  readonly cpuPercent: number | null;
  /** How many cores programs that are none of ours take, of how many. */
  readonly others: { readonly cores: number; readonly of: number } | null;
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
  /** The one network that all who suffer come from, while somebody elsewhere is known to fare well; null: there is none. */
  readonly network: string | null;
  /** How many networks those who suffer come from. */
  readonly networks: number;
  /** Where its worker has UDP and TCP for media; undefined: not known. */
  readonly mediaPort: number | undefined;
  readonly strain: Strain;
  /** What went wrong with what is on air in the last minute, in words; null: nothing. */
  readonly trouble: string | null;
}

/**
 * Whether the line, the server or the source is the likelier cause. Pure.
 *
 * @param lost why those whose pictures stand still have lost packets lately; null: most have not
 */
export function likelyCause(known: Known, lost: LikelyCause | null = null): LikelyCause {
  const { who, most, network, networks, strain, trouble } = known;
  if (most === 'picture')
    return {
      ...{ cause: 'source', next: 'codec' },
      reason: 'their browsers have no decoder for the picture that is on air',
    };
  if (most === 'connecting') return noWay(known);
  // What this machine lacks it lacks for all.
  if (most === 'loss' && who.by === 'network')
    return { ...onLines, reason: `they all come from ${who.address}, and others fare well` };
  if (most === 'loss' && network !== null)
    return { ...onLines, reason: `packets are lost on the way to ${network} alone, and others fare well` };
  const strained = strainedBy(strain);
  if (strained) return { cause: 'server', ...strained };
  if (trouble !== null) return { ...bySource, reason: trouble };
  // Whose pictures stand still pages alone say: what is seen from here comes before that.
  if (most === 'frozen' && lost) return lost;
  if (who.by === 'network')
    return {
      ...onLines,
      reason: `pictures stand still in ${who.address}, and others fare well: its line, or the machines there`,
    };
  if (who.by === 'rendition')
    return {
      ...bySource,
      reason: `they all get ${who.rendition}, and who gets another rendition fares well`,
    };
  return most === 'frozen'
    ? { ...bySource, reason: 'their pictures stand still although little is lost on the way' }
    : {
        ...onLines,
        reason:
          networks === 1
            ? 'packets are lost on the way to the one network of which that is known: its line, or the line of this server'
            : 'packets are lost on the way, from several networks: the line of this server may be full',
      };
}

const onLines = { cause: 'line', next: 'lines' } as const;
const bySource = { cause: 'source', next: 'source' } as const;

/** A busy machine is late by seconds at worst, and is asked again: only a worker that has no time at all answers nobody. */
function noWay({ who, network, mediaPort, strain: { workerPercent } }: Known): LikelyCause {
  const from = who.by === 'network' ? who.address : network;
  if (from === null && workerPercent !== null && workerPercent >= busyWorkerPercent)
    return { cause: 'server', reason: workerWords(workerPercent), next: 'processes' };
  const port = mediaPort === undefined ? 'the media port' : `UDP/TCP port ${mediaPort}`;
  const reason =
    from === null
      ? `no media gets through: ${port} is blocked on the way, or the announced address is wrong`
      : `no media gets through to ${from}, and to others it does: ${port} is blocked on the way there`;
  return { cause: 'line', reason, next: 'way' };
}

function strainedBy({
  lagMs,
  workerPercent,
  cpuPercent,
  others,
}: Strain): Pick<LikelyCause, 'reason' | 'next'> | null {
  if (workerPercent !== null && workerPercent >= busyWorkerPercent)
    return { reason: workerWords(workerPercent), next: 'processes' };
  const isBusy = cpuPercent !== null && cpuPercent >= busyPercent;
  if (!isBusy && lagMs < lateMs) return null;
  const own = isBusy
    ? `all cores of this machine are busy (${Math.round(cpuPercent)} %)`
    : `the daemon comes ${Math.round(lagMs)} ms late to its work`;
  if (others === null || others.cores < others.of / 2) return { reason: own, next: 'processes' };
  const taken = `other programs take ${others.cores.toFixed(1)} of ${others.of} cores`;
  return { reason: `${own}: ${taken}`, next: 'programs' };
}

function workerWords(percent: number): string {
  return `the room's media worker takes ${Math.round(percent)} % of a core`;
}
