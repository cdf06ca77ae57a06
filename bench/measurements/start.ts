import { succeeded } from '../child.ts';
import { type Context, repeat } from '../context.ts';
import { startDaemon } from '../mirolive.ts';
import { type Row, row } from '../row.ts';

/** How long a daemon takes until it says that it is ready. */
export async function ready(context: Context): Promise<Row[]> {
  const measure = async (inner: Context) => (await startDaemon(inner)).readyMs;
  const values = await repeat(context, context.runs ?? 5, measure);
  return [row({ name: 'daemon ready', unit: 'ms', values, atMost: 1000 })];
}

/** How long `mirolive status` takes as a whole process. */
export async function status(context: Context): Promise<Row[]> {
  const daemon = await startDaemon(context);
  const values = await repeat(context, context.runs ?? 10, async (inner) => {
    const startedAt = performance.now();
    await succeeded(daemon.command(inner, ['status']));
    return performance.now() - startedAt;
  });
  return [row({ name: 'mirolive status', unit: 'ms', values, atMost: 200 })];
}
