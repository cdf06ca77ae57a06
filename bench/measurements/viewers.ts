import { text } from 'node:stream/consumers';
import { startBareWorker } from '../bare-worker.ts';
import { start, succeeded } from '../child.ts';
import { attempt, type Context, pause, within } from '../context.ts';
import { putOnAir, startDaemon } from '../mirolive.ts';
import { cpuShare, machineShare, processCpuMs, treeCpuMs, workerOf } from '../processes.ts';
import { quantile, type Row, ratioOfMedians, row } from '../row.ts';
import { copiedSample, publishedSample } from '../samples.ts';
import { besideOf, besideWords, feed } from '../servers.ts';

const crowds = [60, 150];
const joinsPerSecond = 15;
/** How long the viewers stay after the last one joined, in ms. */
const holdMs = 24_000;
/** Of this, what is measured: the second half, in which the load tool counts packets, with a margin on both sides. */
const settleMs = 12_500;
const windowMs = 11_000;
/** mirolive's worker against a bare one, and against another server: one and a half times as good. */
const [mostRatio, mostBesideRatio] = [1.1, 1 / 1.5];
/** Until another server is on air, in ms. */
const besideSettleMs = 3000;

interface Loaded {
  /** What the worker used while all were there, in % of a core. */
  readonly cpu: number;
  /** How busy the whole machine was meanwhile, in % of all cores: near 100 the figures say little. */
  readonly machine: number;
  /** The line of JSON that the load tool printed. */
  readonly seen: LoadReport;
}

interface LoadReport {
  readonly lost?: number;
  /** Packets per second that all viewers received. */
  readonly pps?: number;
  readonly first_key_frame_ms_p50?: number;
  readonly first_key_frame_ms_p95?: number;
}

/**
 * Processor time of the worker with many viewers: beside a bare worker with the same file and viewers, and beside the whole other
 * server, which is fed by RTMP.
 */
export async function viewers(context: Context): Promise<Row[]> {
  if (context.whepLoad === null) return crowds.flatMap(notMeasured);
  const file = await copiedSample();
  const rows: Row[] = [];
  for (const crowd of crowds) {
    rows.push(
      ...((await attempt(context, `${crowd} viewers`, (inner) => crowded(inner, file, crowd))) ?? []),
    );
  }
  return rows;
}

async function crowded(context: Context, file: string, crowd: number): Promise<Row[]> {
  const [ours, bare, other]: [Loaded[], Loaded[], (Loaded | undefined)[]] = [[], [], []];
  // In turns, so that what else the machine does meets all alike.
  for (let run = 0; run < (context.runs ?? 2); run++) {
    ours.push(await within(context, (inner) => underMirolive(inner, file, crowd)));
    bare.push(await within(context, (inner) => underBareWorker(inner, file, crowd)));
    if (context.beside?.pid == null) continue;
    other.push(await attempt(context, besideWords, (inner) => underBeside(inner, crowd)));
  }
  return compared(crowd, ours, bare, other);
}

async function underMirolive(context: Context, file: string, crowd: number): Promise<Loaded> {
  const daemon = await startDaemon(context);
  await putOnAir(context, daemon, file, 'crowd');
  const worker = await workerOf(daemon.pid);
  return await load(context, `${daemon.url}/whep/crowd`, crowd, () => processCpuMs(worker));
}

async function underBareWorker(context: Context, file: string, crowd: number): Promise<Loaded> {
  const { pid, whepUrl } = await startBareWorker(context, file);
  return await load(context, whepUrl, crowd, () => processCpuMs(pid));
}

/** All of the other server, as it is one process. */
async function underBeside(context: Context, crowd: number): Promise<Loaded> {
  const other = await besideOf(context)?.(context);
  if (!other || other.pid === null) throw new Error('expected a server beside, and its process');
  const { pid } = other;
  feed(context, other, await publishedSample());
  await pause(context, besideSettleMs);
  return await load(context, other.whepUrl, crowd, () => treeCpuMs(pid));
}

async function load(
  context: Context,
  url: string,
  crowd: number,
  cpuMs: () => Promise<number>,
): Promise<Loaded> {
  const args = ['-url', url, '-n', `${crowd}`, '-rate', `${joinsPerSecond}`, '-hold', `${holdMs / 1000}s`];
  const child = start(context, context.whepLoad ?? '', args, { stdio: ['ignore', 'pipe', 'inherit'] });
  if (!child.stdout) throw new Error('expected the output of the load tool');
  const printed = text(child.stdout);
  await pause(context, (crowd / joinsPerSecond) * 1000 + settleMs);
  const [cpu, machine] = await Promise.all([
    cpuShare(context, windowMs, cpuMs),
    machineShare(context, windowMs),
  ]);
  const output = await printed;
  await succeeded(child);
  const report = output.split('\n').find((line) => line.startsWith('{'));
  if (report === undefined) throw new Error(`expected a line of JSON of the load tool, got ${output}`);
  const seen = JSON.parse(report) as LoadReport;
  return { cpu, machine, seen };
}

function compared(
  crowd: number,
  ours: readonly Loaded[],
  bare: readonly Loaded[],
  other: readonly (Loaded | undefined)[],
): Row[] {
  const besides = other.filter((one) => one !== undefined);
  const name = `CPU, worker with ${crowd} viewers`;
  const rows = [
    row({
      ...{ name, unit: '%', ...figureOf(ours) },
      beside: besides.length === 0 ? undefined : figureOf(besides),
    }),
    row({ name: `CPU, bare worker with ${crowd} viewers`, unit: '%', ...figureOf(bare) }),
    ratio(`CPU per packet against bare worker, ${crowd} viewers`, mostRatio, ours, bare),
  ];
  if (besides.length === 0) return rows;
  const against = `CPU per packet against the server beside, ${crowd} viewers`;
  return [...rows, ratio(against, mostBesideRatio, ours, other)];
}

/** By the packet: on a machine that is short of time, both forward fewer than they should. */
function ratio(
  name: string,
  atMost: number,
  ours: readonly Loaded[],
  other: readonly (Loaded | undefined)[],
): Row {
  const perPacket = ({ cpu, seen }: Loaded) => cpu / (seen.pps ?? Number.NaN);
  return ratioOfMedians({
    name,
    atMost,
    ours: ours.map(perPacket),
    other: other.map((one) => one && perPacket(one)),
  });
}

function figureOf(loaded: readonly Loaded[]) {
  const of = (key: keyof LoadReport) => loaded.map(({ seen }) => seen[key] ?? Number.NaN);
  const lost = of('lost').reduce((sum, count) => sum + count, 0);
  const [p50, p95] = [of('first_key_frame_ms_p50'), of('first_key_frame_ms_p95')].map((all) =>
    Math.round(quantile(all, 0.5)),
  );
  const machine = quantile(
    loaded.map((entry) => entry.machine),
    0.5,
  );
  return {
    values: loaded.map(({ cpu }) => cpu),
    note: `of a core; machine ${Math.round(machine)} % busy; ${lost} packets lost; first key frame p50 ${p50}, p95 ${p95} ms`,
    loads: loaded.map(({ seen }) => seen),
  };
}

function notMeasured(crowd: number): Row[] {
  const note = 'needs a WHEP load tool: npm run bench -- --whep-load PATH';
  return [{ ...row({ name: `CPU, worker with ${crowd} viewers`, unit: '%', values: [] }), note }];
}
