import { type Context, pause, repeat } from '../context.ts';
import { putOnAir, startDaemon } from '../mirolive.ts';
import { cpuShare, processTree, residentMb, treeCpuMs } from '../processes.ts';
import { type Row, row } from '../row.ts';
import { copiedSample, transcodedSample } from '../samples.ts';

/** Until start-up has left the figures, in ms. */
const settleMs = 3000;
const windowMs = 15_000;

/** Processor time of a 720p30 broadcast that is copied: daemon, worker and ffmpeg, without viewers. */
export async function copied(context: Context): Promise<Row[]> {
  return [await broadcast(context, 'CPU, copied 720p30', await copiedSample())];
}

/** The same of one that is transcoded. */
export async function transcoded(context: Context): Promise<Row[]> {
  return [await broadcast(context, 'CPU, transcoded 720p30', await transcodedSample())];
}

/** Memory of a daemon with nothing on air. */
export async function memory(context: Context): Promise<Row[]> {
  const trees: number[] = [];
  const nodes = await repeat(context, context.runs ?? 3, async (inner) => {
    const { pid } = await startDaemon(inner);
    await pause(inner, settleMs);
    const all = await Promise.all((await processTree(pid)).map((entry) => residentMb(entry.pid)));
    trees.push(all.reduce((sum, mb) => sum + mb, 0));
    return await residentMb(pid);
  });
  return [
    row({ name: 'RSS idle, daemon', unit: 'MB', values: nodes }),
    row({ name: 'RSS idle, with its worker', unit: 'MB', values: trees }),
  ];
}

async function broadcast(context: Context, name: string, file: string): Promise<Row> {
  const values = await repeat(context, context.runs ?? 3, async (inner) => {
    const daemon = await startDaemon(inner);
    await putOnAir(inner, daemon, file, 'bench');
    await pause(inner, settleMs);
    return await cpuShare(inner, windowMs, () => treeCpuMs(daemon.pid));
  });
  return row({ name, unit: '%', values, note: 'of a core, without viewers' });
}
