import { monitorEventLoopDelay } from 'node:perf_hooks';
import { buffer } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { startDaemon } from '../../test/helpers/daemon.ts';
import { start, succeeded } from '../child.ts';
import { type Context, repeat } from '../context.ts';
import { connectViewers } from '../crowd.ts';
import { quantile, type Row, row } from '../row.ts';

const [rooms, viewers] = [20, 2000];
const shim = fileURLToPath(new URL('../../bin/mirolive', import.meta.url));
/** What is expected of the whole command, and of how late the daemon comes to other work meanwhile, in ms. */
const [mostMs, mostLateMs] = [1000, 50];
/** How often it is looked how late the daemon is, in ms. */
const resolutionMs = 2;

/** What `mirolive viewers list` takes, of 2,000 viewers, and what it costs everybody else. */
export async function viewersList(context: Context): Promise<Row[]> {
  const server = context.scope.use(await startDaemon({ rtmp: { enabled: false } }));
  const names = Array.from({ length: rooms }, (_, at) => `room-${at}`);
  const lines = await connectViewers(server.daemon, viewers, names);
  context.scope.defer(() => lines.close());
  const [late, cpuMs]: [number[], number[]] = [[], []];
  let bytes = 0;
  const delay = monitorEventLoopDelay({ resolution: resolutionMs });
  const ms = await repeat(context, (context.runs ?? 10) + 1, async (inner) => {
    delay.reset();
    delay.enable();
    const [startedMs, used] = [performance.now(), process.threadCpuUsage()];
    const child = start(inner, shim, ['viewers', 'list', '--json', '--socket', server.socket], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    if (!child.stdout) throw new Error('expected what the command says');
    const said = buffer(child.stdout);
    await succeeded(child);
    const took = performance.now() - startedMs;
    const { user, system } = process.threadCpuUsage(used);
    delay.disable();
    late.push(Math.max(0, delay.max / 1e6 - resolutionMs));
    cpuMs.push((user + system) / 1000);
    bytes = (await said).length;
    return took;
  });
  // The first one compiles what the others run.
  for (const values of [ms, late, cpuMs]) values.shift();
  const name = `viewers list of ${viewers}`;
  const note = `${Math.round(bytes / 1024)} kB; the daemon's main thread works for ${quantile(cpuMs, 0.5).toFixed(0)} ms`;
  return [
    row({ name, unit: 'ms', values: ms, atMost: mostMs, note }),
    row({ name: `${name}, how late the daemon is meanwhile`, unit: 'ms', values: late, atMost: mostLateMs }),
  ];
}
