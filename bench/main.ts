// `npm run bench`: measures what an operator would notice, on this machine, with the real command line.
import { taskHelp } from '../scripts/task-help.mjs';
import type { Choice } from './arguments.ts';
import { checkedArguments } from './check-arguments.ts';
import { type Context, pause } from './context.ts';
import { failureWords } from './failure.ts';
import { thisMachine } from './machine.ts';
import { busyBetween, machineTicks } from './processes.ts';
import { reportJson } from './report.ts';
import { type MeasuredRow, table } from './row.ts';
import type { MeasurementName } from './rows-explained.ts';
import type { Trace } from './trace/trace.ts';

/** How long the machine is looked at before a measurement, in ms: what runs then is somebody else's. */
const beforeMs = 1000;

/** Gives up an act by an interruption; whatever it has started is gone when this ends. */
async function scoped<T>(
  choice: Choice,
  signal: AbortSignal,
  failed: Context['failed'],
  act: (context: Context) => Promise<T>,
): Promise<T> {
  const interrupted = new Promise<never>((_, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason), { once: true });
  });
  await using scope = new AsyncDisposableStack();
  return await Promise.race([act({ ...choice, scope, signal, failed }), interrupted]);
}

/** Adds to `rows`, one measurement after the other; tells whether all succeeded. One that fails costs its own rows only. */
async function measureAll(choice: Choice, signal: AbortSignal, rows: MeasuredRow[]): Promise<boolean> {
  let succeeded = true;
  const failed: Context['failed'] = (what, error) => {
    succeeded = false;
    process.stderr.write(`${what} failed: ${failureWords(error)}\n`);
  };
  for (const name of choice.names) {
    process.stderr.write(`measuring ${name} …\n`);
    try {
      rows.push(...(await scoped(choice, signal, failed, (context) => measure(context, name))));
    } catch (error) {
      if (signal.aborted) throw error;
      failed(name, error);
    }
  }
  return succeeded;
}

async function measure(context: Context, name: MeasurementName): Promise<MeasuredRow[]> {
  // Not before the arguments are looked at: to load them is to ask for ffmpeg.
  const { measurements } = await import('./measurements/all.ts');
  const still = await machineTicks();
  await pause(context, beforeMs);
  const started = await machineTicks();
  const found = await measurements[name](context);
  const during = busyBetween(started, await machineTicks());
  return found.map((row) => ({ ...row, of: name, load: { before: busyBetween(still, started), during } }));
}

async function main(): Promise<number> {
  const args = process.argv.slice(2);
  if (args.includes('--help')) {
    process.stdout.write(taskHelp.bench);
    return 0;
  }
  let choice: Choice;
  try {
    choice = await checkedArguments(args, process.env);
  } catch (error) {
    process.stderr.write(`error: ${(error as Error).message}\n`);
    return 2;
  }
  const interruption = new AbortController();
  for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.on(name, () => interruption.abort(new Error(`interrupted by ${name}`)));
  }
  const measuredAt = new Date().toISOString();
  const [rows, traced]: [MeasuredRow[], Trace[]] = [[], []];
  try {
    if (!choice.trace) return (await measureAll(choice, interruption.signal, rows)) ? 0 : 1;
    const { traces } = await import('./trace/trace.ts');
    const failed: Context['failed'] = (what, error) => {
      throw new Error(`${what} failed`, { cause: error });
    };
    traced.push(...(await scoped(choice, interruption.signal, failed, traces)));
    return 0;
  } catch (error) {
    process.stderr.write(`${failureWords(error)}\n`);
    return interruption.signal.aborted ? 130 : 1;
  } finally {
    // What was measured before a failure is worth its minutes too.
    const output = choice.json
      ? await asJson(choice, measuredAt, rows, traced)
      : asText(choice, rows, traced);
    process.stdout.write(`${output}\n`);
  }
}

async function asJson(
  { beside, trace }: Choice,
  measuredAt: string,
  rows: readonly MeasuredRow[],
  traced: readonly Trace[],
): Promise<string> {
  const head = { measuredAt, machine: await thisMachine(), beside: beside?.name ?? null };
  return trace ? JSON.stringify({ ...head, traces: traced }) : reportJson({ ...head, rows });
}

function asText({ trace }: Choice, rows: readonly MeasuredRow[], traced: readonly Trace[]): string {
  return trace ? traced.map(({ text }) => text).join('\n\n') : table(rows);
}

// What an interruption cut short may still wait for something.
process.exit(await main());
