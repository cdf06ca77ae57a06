// `npm run bench`: measures what an operator would notice, on this machine, with the real command line.
import { parseArgs } from 'node:util';
import type { Context } from './context.ts';
import { copied, memory, transcoded } from './measurements/broadcast.ts';
import { openedLadder, openedPage, waitingPage } from './measurements/first-frame.ts';
import { latency, whipLatency } from './measurements/live.ts';
import { outage } from './measurements/outage.ts';
import { ready, status } from './measurements/start.ts';
import { switches } from './measurements/switches.ts';
import { viewers } from './measurements/viewers.ts';
import { type Row, table } from './row.ts';

const measurements: Readonly<Record<string, (context: Context) => Promise<Row[]>>> = {
  ready,
  status,
  'waiting-page': waitingPage,
  'opened-page': openedPage,
  'opened-ladder': openedLadder,
  memory,
  copied,
  transcoded,
  latency,
  'whip-latency': whipLatency,
  outage,
  switches,
  viewers,
};

const usage = `usage: npm run bench -- [options]
  --only NAME       one of ${Object.keys(measurements).join(', ')}; may be given several times
  --runs N          how often each is measured; default: as docs/benchmarks.md says
  --whep-load PATH  a WHEP load tool, for 'viewers'; default: WHEP_LOAD of the environment
  --json            one JSON object instead of the table
`;

interface Choice {
  readonly names: readonly string[];
  readonly runs: number | null;
  readonly whepLoad: string | null;
  readonly json: boolean;
}

function readArguments(): Choice {
  const { values } = parseArgs({
    options: {
      only: { type: 'string', multiple: true },
      runs: { type: 'string' },
      'whep-load': { type: 'string' },
      json: { type: 'boolean', default: false },
    },
  });
  const { only: names = Object.keys(measurements), runs, json } = values;
  const unknown = names.find((name) => !Object.hasOwn(measurements, name));
  if (unknown !== undefined) throw new Error(`expected a name of the list below, got ${unknown}`);
  if (runs !== undefined && !/^[1-9]\d{0,2}$/.test(runs))
    throw new Error(`expected 1 to 999 runs, got ${runs}`);
  const whepLoad = values['whep-load'] || process.env.WHEP_LOAD || null;
  return { names, runs: runs === undefined ? null : Number(runs), whepLoad, json };
}

/** Adds to `rows`, one measurement after the other; whatever a measurement has started is gone before the next one begins. */
async function measureAll(
  { names, runs, whepLoad }: Choice,
  signal: AbortSignal,
  rows: Row[],
): Promise<void> {
  const interrupted = new Promise<never>((_, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason), { once: true });
  });
  for (const name of names) {
    process.stderr.write(`measuring ${name} …\n`);
    await using scope = new AsyncDisposableStack();
    const measured = measurements[name]?.({ scope, signal, runs, whepLoad }) ?? [];
    rows.push(...(await Promise.race([measured, interrupted])));
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
  try {
    await measureAll(choice, interruption.signal, rows);
    return 0;
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.stack : error}\n`);
    return interruption.signal.aborted ? 130 : 1;
  } finally {
    // What was measured before a failure is worth its minutes too.
    process.stdout.write(`${choice.json ? JSON.stringify({ measuredAt: new Date(), rows }) : table(rows)}\n`);
  }
}

// What an interruption cut short may still wait for something.
process.exit(await main());
