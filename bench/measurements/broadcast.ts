import { attempt, type Context, pause, repeat } from '../context.ts';
import { type BenchDaemon, putOnAir, startDaemon } from '../mirolive.ts';
import { cpuByKind, cpuShare, cpuShares, memoryOfAll, treeCpuMs } from '../processes.ts';
import { quantile, type Row, row } from '../row.ts';
import { copiedSample, publishedSample, transcodedSample } from '../samples.ts';
import { besideOf, besideWords, feed, roomOf } from '../servers.ts';

/** Until start-up has left the figures, in ms. */
const settleMs = 4000;
const windowMs = 10_000;
/** Windows that are measured, one after the other. */
const windows = 3;
/** Copied files on air at once, and what each may cost, in % of a core, and hold, in MB. */
const crowds = [1, 8, 30];
const [fileShare, fileMb] = [2.5, 4];
/** What a copied RTMP broadcast may cost, in % of a core; what an idle daemon may hold, in MB. */
const [publishedShare, idleMb] = [5, 160];
/** Until buffers hold what they ever will, in ms. */
const fillMs = 20_000;

/** Processor time and memory of copied files: all processes, without viewers, for each of one, a few and many. */
export async function copied(context: Context): Promise<Row[]> {
  const source = { kind: 'file', path: await copiedSample(), loop: true, audioTrack: null } as const;
  const daemon = await startDaemon(context);
  const rows: Row[] = [];
  const held: { readonly files: number; readonly mb: Awaited<ReturnType<typeof ingestMemory>> }[] = [];
  let files = 0;
  for (const crowd of crowds) {
    // Not by a command for each: thirty of those take longer than what is measured.
    for (; files < crowd; files++)
      await daemon.client.call('startBroadcast', { room: `copied-${files}`, source });
    await pause(context, crowd === 1 ? settleMs : fillMs);
    const { values, note } = await shares(context, daemon.pid);
    const name = crowd === 1 ? 'CPU, copied file' : `CPU for each of ${crowd} copied files`;
    const each = values.map((value) => value / crowd);
    rows.push(row({ name, unit: '%', values: each, atMost: fileShare, note: `of a core; all: ${note}` }));
    held.push({ files, mb: await ingestMemory(daemon) });
  }
  const [first, ...later] = held;
  const last = later.at(-1);
  if (!first || !last) return rows;
  const added = (key: 'residentMb' | 'proportionalMb') =>
    (last.mb[key] - first.mb[key]) / (last.files - first.files);
  const note = `ingest processes with ${last.files} files against one; PSS ${added('proportionalMb').toFixed(1)} MB`;
  const memoryRow = { name: 'RSS for each copied file', unit: 'MB', atMost: fileMb, note } as const;
  return [...rows, row({ ...memoryRow, values: [added('residentMb')] })];
}

/** The same of one that is published by RTMP, whose sound becomes Opus; beside it what the other server takes. */
export async function copiedRtmp(context: Context): Promise<Row[]> {
  const file = await publishedSample();
  const daemon = await startDaemon(context);
  const room = await roomOf(daemon);
  feed(context, room, file);
  await room.onAir();
  await pause(context, settleMs);
  const ours = await shares(context, daemon.pid);
  const beside = await attempt(context, besideWords, (inner) => sharesBeside(inner, file));
  const facts = { name: 'CPU, copied RTMP with AAC', unit: '%', atMost: publishedShare } as const;
  return [row({ ...facts, ...ours, note: `of a core, without viewers: ${ours.note}`, beside })];
}

async function sharesBeside(context: Context, file: string): Promise<{ values: number[] } | undefined> {
  const other = await besideOf(context)?.(context);
  if (other?.pid == null) return undefined;
  feed(context, other, file);
  await pause(context, settleMs);
  const { values } = await shares(context, other.pid);
  return { values };
}

/** The same of a file that is transcoded. */
export async function transcoded(context: Context): Promise<Row[]> {
  const file = await transcodedSample();
  const daemon = await startDaemon(context);
  await putOnAir(context, daemon, file, 'bench');
  await pause(context, settleMs);
  const { values, note } = await shares(context, daemon.pid);
  return [
    row({ name: 'CPU, transcoded file', unit: '%', values, note: `of a core, without viewers: ${note}` }),
  ];
}

/** Memory and processor time of a daemon with nothing on air. */
export async function memory(context: Context): Promise<Row[]> {
  const [alone, whole, proportional, cpu]: number[][] = [[], [], [], []];
  await repeat(context, context.runs ?? windows, async (inner) => {
    const daemon = await startDaemon(inner);
    await pause(inner, settleMs);
    const { rtmp, ingest } = await daemon.client.call('status', {});
    const [first] = ingest;
    const pids = [daemon.pid, ...(rtmp ? [rtmp.pid] : []), ...(first ? [first.pid] : [])];
    const [own, all] = [await memoryOfAll([daemon.pid]), await memoryOfAll(pids)];
    alone?.push(own.residentMb);
    whole?.push(all.residentMb);
    proportional?.push(all.proportionalMb);
    cpu?.push(await cpuShare(inner, windowMs / 2, () => treeCpuMs(daemon.pid)));
    return 0;
  });
  const name = 'idle, daemon with RTMP and first ingest process';
  return [
    row({ name: 'RSS idle, daemon', unit: 'MB', values: alone ?? [] }),
    row({ name: `RSS ${name}`, unit: 'MB', values: whole ?? [], atMost: idleMb }),
    row({ name: `PSS ${name}`, unit: 'MB', values: proportional ?? [] }),
    row({ name: 'CPU idle, all processes', unit: '%', values: cpu ?? [], note: 'of a core' }),
  ];
}

/** What all processes used, in % of a core, window by window, and in a note what each kind did. */
async function shares(context: Context, root: number) {
  const each: Readonly<Record<string, number>>[] = [];
  for (let window = 0; window < (context.runs ?? windows); window++)
    each.push(await cpuShares(context, windowMs, () => cpuByKind(root)));
  const values = each.map((kinds) => Object.values(kinds).reduce((sum, share) => sum + share, 0));
  const kinds = [...new Set(each.flatMap((kind) => Object.keys(kind)))].map((kind) => {
    const share = quantile(
      each.map((one) => one[kind] ?? 0),
      0.5,
    );
    return { kind, share };
  });
  const note = kinds
    .filter(({ share }) => Math.abs(share) >= 0.05)
    .toSorted((one, other) => other.share - one.share)
    .map(({ kind, share }) => `${kind} ${share.toFixed(1)}`)
    .join(', ');
  return { values, note };
}

async function ingestMemory({ client }: BenchDaemon) {
  const { ingest } = await client.call('status', {});
  return await memoryOfAll(ingest.flatMap(({ pid }) => (pid === null ? [] : [pid])));
}
