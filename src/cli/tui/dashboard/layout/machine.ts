import type { View, ViewedMachine, ViewedProcess } from '../../../../contract/view/view.ts';
import { bitrate, moment, size, span as spanOfTime } from '../../../words/format.ts';
import { bar } from '../bars.ts';
import { type Column, grid } from '../grid.ts';
import { type Line, outside, span, type Tint } from '../line.ts';
import type { Seen } from '../seen.ts';
import type { State } from '../state.ts';
import { figure } from './room-words.ts';

const barColumns = 30;
/** A loop that is later than this makes everything that it tells late, in ms. */
const lateMs = 100;

/** The machine, and the processes of the daemon. */
export function machineScreen({ size: { columns }, top }: State, { view, now }: Seen, rows: number): Line[] {
  if (view === null) return [[], [span('  Waiting for the daemon …', 'dim')]];
  const head = [...daemonLines(view, now, columns), [], ...machineLines(view.machine), []];
  const processes = Object.values(view.processes).sort(
    (one, other) => (other.cpuPercent ?? 0) - (one.cpuPercent ?? 0) || one.pid - other.pid,
  );
  const first = Math.min(top, Math.max(0, processes.length - (rows - head.length - 1)));
  const shown = processes.slice(first);
  return [
    ...head,
    ...grid(processColumns, shown, { width: columns, height: rows - head.length, chosen: -1 }),
  ];
}

function daemonLines({ daemon }: View, now: number, columns: number): Line[] {
  const { state, log, rtmp } = daemon;
  return [
    [
      span(`mirolive ${daemon.version}`, 'strong'),
      span(`  pid ${daemon.pid}, up ${spanOfTime(now - Date.parse(daemon.startedAt))}`),
      span(columns < 100 ? '' : `  socket ${daemon.socket}`, 'dim'),
    ],
    [
      span('page    '),
      outside(daemon.viewerUrl),
      ...(rtmp === null ? [] : [span('   rtmp '), outside(rtmp.url)]),
    ],
    ...(daemon.newerBuild ? [[span('build   a newer one waits for a restart of the daemon', 'warn')]] : []),
    ...(state.problem === null ? [] : [[span('state   '), outside(state.problem, 'bad')]]),
    ...(log.problem === null ? [] : [[span('log     '), outside(log.problem, 'bad')]]),
    ...daemon.degraded.map(
      ({ part, reason, since, failures }): Line => [
        outside(`✗ ${part} since ${moment(since, now)}, ${failures}× in a row: ${reason}`, 'bad'),
      ],
    ),
  ];
}

function machineLines(machine: ViewedMachine): Line[] {
  const { cpuPercent, cores, load1, memory, egressBps, disks, loopLagMs } = machine;
  const used = memory === null ? null : 1 - memory.availableBytes / Math.max(1, memory.totalBytes);
  return [
    [
      ...gauge('cpu', cpuPercent === null ? null : cpuPercent / 100),
      span(`${figure(cpuPercent, 0, '%')} of ${cores} cores, load ${load1.toFixed(1)}`),
    ],
    [
      ...gauge('memory', used),
      span(memory === null ? '–' : `${size(memory.availableBytes)} of ${size(memory.totalBytes)} free`),
    ],
    ...disks.map(
      ({ of, path, freeBytes, totalBytes }): Line => [
        ...gauge(of, 1 - freeBytes / Math.max(1, totalBytes)),
        outside(`${size(freeBytes)} of ${size(totalBytes)} free (${path})`),
      ],
    ),
    [span('egress  '), span(egressBps === null ? '–' : bitrate(egressBps))],
    [
      span('lag     '),
      loopLagMs === null
        ? span('–')
        : span(
            `${loopLagMs.p50.toFixed(0)} ms usually, ${loopLagMs.p99.toFixed(0)} ms 1 in 100, ${loopLagMs.max.toFixed(0)} ms at worst`,
            loopLagMs.p99 > lateMs ? 'warn' : 'plain',
          ),
    ],
  ];
}

function gauge(name: string, share: number | null): Line {
  return [span(name.padEnd(8)), ...(share === null ? [] : bar(share, barColumns, tintOf(share))), span('  ')];
}

function tintOf(share: number): Tint {
  if (share > 0.95) return 'bad';
  return share > 0.8 ? 'warn' : 'good';
}

const processColumns: Column<ViewedProcess>[] = [
  { heading: 'PID', cell: ({ pid }) => [span(String(pid))], right: true },
  {
    heading: 'PROCESS',
    cell: ({ kind, port }) => [span(kind, 'strong'), span(port === null ? '' : ` :${port}`, 'dim')],
  },
  {
    heading: 'CPU',
    cell: ({ cpuPercent }) => [span(figure(cpuPercent, 0, '%'), (cpuPercent ?? 0) > 90 ? 'warn' : 'plain')],
    right: true,
  },
  {
    heading: '',
    cell: ({ cpuPercent }) => bar((cpuPercent ?? 0) / 100, 10, tintOf((cpuPercent ?? 0) / 100)),
  },
  {
    heading: 'MEMORY',
    cell: ({ memoryBytes }) => [span(memoryBytes === null ? '–' : size(memoryBytes))],
    right: true,
  },
  { heading: 'ROOMS', cell: ({ rooms }) => [span(rooms.join(', '))], least: 8 },
];
