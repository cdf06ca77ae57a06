import { parseArgs } from 'node:util';
import type { Beside } from './context.ts';
import { measurements } from './measurements/all.ts';

export const usage = `usage: npm run bench -- [options]
  --only NAME       one of ${Object.keys(measurements).join(', ')}; may be given several times
  --runs N          how often each is measured; default: as docs/benchmarks.md says
  --whep-load PATH  a WHEP load tool, for 'viewers'; default: WHEP_LOAD of the environment
  --beside URL      another server that runs on loopback: where its programme is watched by WHEP
  --beside-publish URL  where it takes a programme by RTMP; without it you feed it
  --beside-pid PID  its process
  --trace           the way of single pictures through all stages, instead of the rows; needs tcpdump, and root or CAP_NET_RAW
  --json            one JSON object instead of the table
`;

/** What the command line asks for. */
export interface Choice {
  readonly names: readonly string[];
  readonly runs: number | null;
  readonly whepLoad: string | null;
  readonly beside: Beside | null;
  readonly trace: boolean;
  readonly json: boolean;
}

/** Reads the command line; throws an error with what was expected. */
export function readArguments(): Choice {
  const { values } = parseArgs({
    options: {
      only: { type: 'string', multiple: true },
      runs: { type: 'string' },
      'whep-load': { type: 'string' },
      beside: { type: 'string' },
      'beside-publish': { type: 'string' },
      'beside-pid': { type: 'string' },
      trace: { type: 'boolean', default: false },
      json: { type: 'boolean', default: false },
    },
  });
  const { only: names = Object.keys(measurements), runs, trace, json } = values;
  const unknown = names.find((name) => !Object.hasOwn(measurements, name));
  if (unknown !== undefined) throw new Error(`expected a name of the list below, got ${unknown}`);
  if (runs !== undefined && !/^[1-9]\d{0,2}$/.test(runs))
    throw new Error(`expected 1 to 999 runs, got ${runs}`);
  const whepLoad = values['whep-load'] || process.env.WHEP_LOAD || null;
  return {
    names,
    runs: runs === undefined ? null : Number(runs),
    whepLoad,
    beside: besideOf(values),
    trace,
    json,
  };
}

function besideOf(given: Readonly<Record<string, unknown>>): Beside | null {
  const text = (name: string) => (typeof given[name] === 'string' ? given[name] : null);
  const [whepUrl, publishUrl, pid] = [text('beside'), text('beside-publish'), text('beside-pid')];
  if (whepUrl === null && (publishUrl !== null || pid !== null))
    throw new Error('expected --beside URL with what else is said of that server');
  if (pid !== null && !/^[1-9]\d*$/.test(pid))
    throw new Error(`expected the number of a process, got ${pid}`);
  for (const url of [whepUrl, publishUrl])
    if (url !== null && !URL.canParse(url)) throw new Error(`expected a URL, got ${url}`);
  return whepUrl === null ? null : { whepUrl, publishUrl, pid: pid === null ? null : Number(pid) };
}
