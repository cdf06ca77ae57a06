import { startDaemon } from '../../test/helpers/daemon.ts';
import { freePorts } from '../../test/helpers/free-ports.ts';
import { type Context, pause } from '../context.ts';
import { listViewers } from '../crowd.ts';
import { quantile, type Row, row } from '../row.ts';

const [broadcasts, viewers] = [20, 2000];
/** What was told a moment ago is told again: each question is asked after it is old, in ms. */
const freshMs = 1050;
/** What is expected of an answer, in ms. */
const mostMs = 50;

/** How long whole answers take, as a client sees it, in ms, and what of it is processor time of the main thread; and how large the last one is. */
interface Scraped {
  readonly ms: readonly number[];
  readonly cpuMs: readonly number[];
  readonly bytes: number;
}

/** How long `/metrics` takes of a daemon with nothing in it, and of one with 20 broadcasts and 2,000 viewers. */
export async function metrics(context: Context): Promise<Row[]> {
  const [port = 0] = await freePorts(1);
  const server = context.scope.use(
    await startDaemon({ rtmp: { enabled: false }, metrics: { enabled: true, port } }),
  );
  const { desk } = server.daemon;
  const none = await scraped(context, port);
  const rooms = Array.from({ length: broadcasts }, (_, at) => `room-${at}`);
  // Cards: they take least of the processors, which the question waits for.
  for (const room of rooms) await desk.start({ room, source: { kind: 'card', title: room, text: '' } });
  listViewers(desk, viewers, rooms);
  const full = await scraped(context, port);
  const name = `/metrics, ${broadcasts} broadcasts and ${viewers} viewers`;
  const note = `${Math.round(full.bytes / 1024)} kB; processor time ${quantile(full.cpuMs, 0.5).toFixed(1)} ms, the client's too`;
  return [
    row({ name: '/metrics of an idle daemon', unit: 'ms', values: none.ms }),
    row({ name, unit: 'ms', values: full.ms, atMost: mostMs, note }),
    row({ name: `${name}, 95 %`, unit: 'ms', values: full.ms, statistic: 'p95' }),
  ];
}

async function scraped(context: Context, port: number): Promise<Scraped> {
  const [ms, cpuMs]: number[][] = [[], []];
  let bytes = 0;
  // The first one compiles what the others run.
  for (let asked = 0; asked < (context.runs ?? 20) + 1; asked++) {
    await pause(context, freshMs);
    const [startedMs, used] = [performance.now(), process.threadCpuUsage()];
    bytes = (await (await fetch(`http://127.0.0.1:${port}/metrics`)).text()).length;
    if (asked === 0) continue;
    const { user, system } = process.threadCpuUsage(used);
    ms?.push(performance.now() - startedMs);
    cpuMs?.push((user + system) / 1000);
  }
  return { ms: ms ?? [], cpuMs: cpuMs ?? [], bytes };
}
