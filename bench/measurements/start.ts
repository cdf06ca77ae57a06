import { fileURLToPath } from 'node:url';
import { succeeded } from '../child.ts';
import { type Context, repeat } from '../context.ts';
import { type BenchDaemon, startDaemon } from '../mirolive.ts';
import { type Row, row } from '../row.ts';

/** What is expected of both, in ms. */
const [readyMs, statusMs] = [500, 100];
const fullConfig = fileURLToPath(new URL('../../configs/examples/full.yaml', import.meta.url));

/** How long a daemon takes until it says that it is ready. */
export async function ready(context: Context): Promise<Row[]> {
  const measure = async (inner: Context) => (await startDaemon(inner)).readyMs;
  const values = await repeat(context, context.runs ?? 7, measure);
  return [row({ name: 'daemon ready', unit: 'ms', values, atMost: readyMs })];
}

/** How long `mirolive status` takes as a whole process, without a configuration and with the longest. */
export async function status(context: Context): Promise<Row[]> {
  const daemon = await startDaemon(context);
  const facts = { unit: 'ms', atMost: statusMs } as const;
  const plain = await statusTimes(context, daemon, { MIROLIVE_CONFIG: undefined });
  const configured = await statusTimes(context, daemon, { MIROLIVE_CONFIG: fullConfig });
  return [
    row({ ...facts, name: 'mirolive status', values: plain }),
    row({ ...facts, name: 'mirolive status, with a configuration', values: configured }),
  ];
}

function statusTimes(
  context: Context,
  daemon: BenchDaemon,
  env: Readonly<Record<string, string | undefined>>,
): Promise<number[]> {
  return repeat(context, context.runs ?? 15, async (inner) => {
    const startedAt = performance.now();
    await succeeded(daemon.command(inner, ['status'], env));
    return performance.now() - startedAt;
  });
}
