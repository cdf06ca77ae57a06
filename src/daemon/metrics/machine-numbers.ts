import type { ViewedMachine } from '../../contract/view/view.ts';
import { versions } from '../version.ts';
import type { Figures } from './figures.ts';
import { Growth } from './growth.ts';
import { type Numbers, setAll, summed } from './registry.ts';

/** So many parts have numbers of their own. */
const mostParts = 200;

/** The numbers of the daemon itself, of its processes and of what it needs of the machine; gives what sets them. */
export function machineNumbers(
  numbers: Numbers,
): (figures: Figures, lag: ViewedMachine['loopLagMs']) => void {
  const gauge = numbers.gauge.bind(numbers);
  const { version, node, mediasoup } = versions;
  gauge('build_info', 'Which mirolive this is.', ['version', 'node', 'mediasoup']).set(
    { version, node, mediasoup },
    1,
  );
  const publishers = gauge('publishers', 'Who publishes.', ['protocol', 'state']);
  const processes = gauge('processes', 'Processes that run, by kind.', ['kind']);
  const memory = gauge('processes_memory_bytes', 'Resident memory of the processes that run.', ['kind']);
  const cpu = numbers.counter(
    'processes_cpu_seconds',
    'Processor time of the daemon and of what it has started, by kind.',
    ['kind'],
  );
  const lagSeconds = gauge(
    'event_loop_lag_seconds',
    'How late the main thread comes to what is due, since it was asked last.',
    ['percentile'],
  );
  const free = gauge('disk_free_bytes', 'What is free where something is written to.', ['of']);
  const size = gauge('disk_size_bytes', 'What there is of it.', ['of']);
  const network = numbers.counter(
    'network_bytes',
    'What the machine receives and sends by its network, whoever it is for.',
    ['direction'],
  );
  const ends = gauge('certificate_end_time_seconds', 'Until when a certificate holds, as Unix time.', ['of']);
  const used = new Growth();
  const carried = new Growth();
  const degraded = degradedNumbers(numbers);
  return (figures, lag) => {
    setAll(
      publishers,
      summed(figures.publishers, ({ protocol, state }) => ({ protocol, state })),
    );
    setAll(
      processes,
      summed(figures.processes, ({ kind }) => ({ kind })),
    );
    setAll(
      memory,
      summed(
        figures.processes,
        ({ kind }) => ({ kind }),
        ({ memoryBytes }) => memoryBytes,
      ),
    );
    for (const { pid, kind, cpuMs } of figures.processes) cpu.inc({ kind }, used.of(`${pid}`, cpuMs) / 1000);
    used.keep(new Set(figures.processes.map(({ pid }) => `${pid}`)));
    const late = lag
      ? ([
          ['50', lag.p50],
          ['99', lag.p99],
          ['100', lag.max],
        ] as const)
      : [];
    setAll(
      lagSeconds,
      late.map(([percentile, ms]) => [{ percentile }, ms / 1000] as const),
    );
    setAll(
      free,
      figures.disks.map(({ of, freeBytes }) => [{ of }, freeBytes] as const),
    );
    setAll(
      size,
      figures.disks.map(({ of, totalBytes }) => [{ of }, totalBytes] as const),
    );
    for (const [direction, bytes] of Object.entries(figures.network ?? {}))
      network.inc({ direction }, carried.ofSum(direction, bytes));
    setAll(
      ends,
      figures.certificates.map(({ of, endsAtMs }) => [{ of }, endsAtMs / 1000] as const),
    );
    degraded(figures.degraded);
  };
}

/** A part that was missing once is told as there, 0, from then on. */
function degradedNumbers(numbers: Numbers): (degraded: Figures['degraded']) => void {
  const missing = numbers.gauge(
    'degraded',
    '1: this part cannot be had back for now; 0: it is there again.',
    ['part'],
  );
  const failures = numbers.gauge(
    'back_off_failures',
    'How often a part failed in a row that is missing, and is tried again.',
    ['part'],
  );
  const parts = new Set<string>();
  return (degraded) => {
    const told = degraded.slice(0, mostParts);
    const now = new Set(told.map(({ part }) => part));
    for (const part of now) parts.add(part);
    // Those that are there again give way, the longest known first.
    for (const part of parts) if (parts.size > mostParts && !now.has(part)) parts.delete(part);
    setAll(
      missing,
      [...parts].map((part) => [{ part }, now.has(part) ? 1 : 0] as const),
    );
    const tried = told.filter(({ nextTryAt }) => nextTryAt !== null);
    setAll(
      failures,
      tried.map(({ part, failures }) => [{ part }, failures] as const),
    );
  };
}
