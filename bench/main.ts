// `npm run bench`: measures what an operator would notice, on this machine, with the real command line.
import { type Choice, readArguments, usage } from './arguments.ts';
import type { Context } from './context.ts';
import { measurements } from './measurements/all.ts';
import { type Row, table } from './row.ts';
import { type Trace, traces } from './trace/trace.ts';

/** Gives up an act by an interruption; whatever it has started is gone when this ends. */
async function scoped<T>(
  choice: Choice,
  signal: AbortSignal,
  act: (context: Context) => Promise<T>,
): Promise<T> {
  const interrupted = new Promise<never>((_, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason), { once: true });
  });
  await using scope = new AsyncDisposableStack();
  return await Promise.race([act({ ...choice, scope, signal }), interrupted]);
}

/** Adds to `rows`, one measurement after the other. */
async function measureAll(choice: Choice, signal: AbortSignal, rows: Row[]): Promise<void> {
  for (const name of choice.names) {
    process.stderr.write(`measuring ${name} …\n`);
    const measure = measurements[name] ?? (async () => []);
    rows.push(...(await scoped(choice, signal, measure)));
  }
}

async function main(): Promise<number> {
  let choice: Choice;
  try {
    choice = readArguments();
  } catch (error) {
    process.stderr.write(`${(error as Error).message}\n${usage}`);
    return 2;
  }
  const interruption = new AbortController();
  for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.on(name, () => interruption.abort(new Error(`interrupted by ${name}`)));
  }
  const rows: Row[] = [];
  const traced: Trace[] = [];
  try {
    if (choice.trace) traced.push(...(await scoped(choice, interruption.signal, traces)));
    else await measureAll(choice, interruption.signal, rows);
    return 0;
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.stack : error}\n`);
    return interruption.signal.aborted ? 130 : 1;
  } finally {
    // What was measured before a failure is worth its minutes too.
    process.stdout.write(`${choice.json ? asJson(rows, traced) : asText(choice, rows, traced)}\n`);
  }
}

function asJson(rows: readonly Row[], traced: readonly Trace[]): string {
  const measuredAt = new Date();
  return JSON.stringify(traced.length > 0 ? { measuredAt, traces: traced } : { measuredAt, rows });
}

function asText({ trace }: Choice, rows: readonly Row[], traced: readonly Trace[]): string {
  return trace ? traced.map(({ text }) => text).join('\n\n') : table(rows);
}

// What an interruption cut short may still wait for something.
process.exit(await main());
