import { parseArgs } from 'node:util';
import type { Beside } from './context.ts';
import { type MeasurementName, named, usual } from './rows-explained.ts';

export const usage = `usage: npm run bench -- [options]
  --only NAME           one of ${named.join(', ')}; may be given several times
  --runs N              how often each is measured; default: as docs/benchmarks.md says
  --whep-load PATH      a WHEP load tool, for 'viewers'; default: WHEP_LOAD of the environment
  --beside URL          another server on this machine: where its programme is watched by WHEP
  --beside-name NAME    what it is called; default: its URL
  --beside-publish URL  where it takes a programme by RTMP; without it, you feed it
  --beside-pid PID      its process, whose time is counted
  --trace               the way of single pictures through all stages, instead of the rows; takes tcpdump, and root or CAP_NET_RAW
  --json                one JSON object instead of the table
`;

/** What the command line asks for. */
export interface Choice {
  readonly names: readonly MeasurementName[];
  readonly runs: number | null;
  readonly whepLoad: string | null;
  readonly beside: Beside | null;
  readonly trace: boolean;
  readonly json: boolean;
}

/** Reads the command line; throws an error with what was expected. */
export function readArguments(args: readonly string[], env: NodeJS.ProcessEnv): Choice {
  const text = { type: 'string' } as const;
  const { values } = parseArgs({
    args: [...args],
    options: {
      only: { ...text, multiple: true },
      ...{ runs: text, 'whep-load': text },
      ...{ beside: text, 'beside-name': text, 'beside-publish': text, 'beside-pid': text },
      trace: { type: 'boolean', default: false },
      json: { type: 'boolean', default: false },
    },
  });
  const { only, runs, trace, json } = values;
  const names = only?.map((name) => {
    const known = named.find((one) => one === name);
    if (known === undefined) throw new Error(`expected a name of the list below, got ${name}`);
    return known;
  });
  if (runs !== undefined && !/^[1-9]\d{0,2}$/.test(runs))
    throw new Error(`expected 1 to 999 runs, got ${runs}`);
  return {
    ...{ names: names ?? usual, runs: runs === undefined ? null : Number(runs), trace, json },
    whepLoad: values['whep-load'] || env.WHEP_LOAD || null,
    beside: readBeside(values),
  };
}

type BesideOption = 'beside' | 'beside-name' | 'beside-publish' | 'beside-pid';

function readBeside(given: Readonly<Partial<Record<BesideOption, unknown>>>): Beside | null {
  const text = (name: BesideOption) => (typeof given[name] === 'string' ? given[name] : null);
  const [whepUrl, publishUrl, pid] = [text('beside'), text('beside-publish'), text('beside-pid')];
  if (whepUrl === null) {
    if (publishUrl !== null || pid !== null || text('beside-name') !== null)
      throw new Error('expected --beside URL with what else is said of that server');
    return null;
  }
  for (const url of [whepUrl, publishUrl])
    if (url !== null && !URL.canParse(url)) throw new Error(`expected a URL, got ${url}`);
  if (pid !== null && !/^[1-9]\d*$/.test(pid))
    throw new Error(`expected the number of a process, got ${pid}`);
  const name = text('beside-name') ?? whepUrl;
  return { name, whepUrl, publishUrl, pid: pid === null ? null : Number(pid) };
}
