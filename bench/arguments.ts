import { parseArgs } from 'node:util';
import type { Beside } from './context.ts';
import { type MeasurementName, named, usual } from './rows-explained.ts';

const seeHelp = 'next: npm run bench -- --help';

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
  const options = {
    only: { ...text, multiple: true },
    ...{ runs: text, 'whep-load': text },
    ...{ beside: text, 'beside-name': text, 'beside-publish': text, 'beside-pid': text },
    trace: { type: 'boolean', default: false },
    json: { type: 'boolean', default: false },
  } as const;
  const { values } = parsed(() => parseArgs({ args: [...args], options }));
  const { only, runs, trace, json } = values;
  const names = only?.map((name) => {
    const known = named.find((one) => one === name);
    if (known === undefined)
      throw new Error(`--only: expected one of ${named.join(', ')}, got ${name}; ${seeHelp}`);
    return known;
  });
  if (runs !== undefined && !/^[1-9]\d{0,2}$/.test(runs))
    throw new Error(`--runs: expected 1 to 999, got ${runs}; ${seeHelp}`);
  return {
    ...{ names: names ?? usual, runs: runs === undefined ? null : Number(runs), trace, json },
    whepLoad: values['whep-load'] || env.WHEP_LOAD || null,
    beside: readBeside(values),
  };
}

/** What Node says of a word that it does not know has more than one sentence, of which the last ones do not help here. */
function parsed<T>(parse: () => T): T {
  try {
    return parse();
  } catch (error) {
    const [problem] = (error as Error).message.split(/[.\n]/);
    throw new Error(`${problem}; ${seeHelp}`, { cause: error });
  }
}

type BesideOption = 'beside' | 'beside-name' | 'beside-publish' | 'beside-pid';

function readBeside(given: Readonly<Partial<Record<BesideOption, unknown>>>): Beside | null {
  const text = (name: BesideOption) => (typeof given[name] === 'string' ? given[name] : null);
  const [whepUrl, publishUrl, pid] = [text('beside'), text('beside-publish'), text('beside-pid')];
  if (whepUrl === null) {
    const said = (['beside-publish', 'beside-pid', 'beside-name'] as const).find(
      (name) => text(name) !== null,
    );
    if (said) throw new Error(`--${said}: expected --beside URL too, which is that server's; ${seeHelp}`);
    return null;
  }
  requireUrl('--beside', whepUrl, ['http:', 'https:']);
  if (publishUrl !== null) requireUrl('--beside-publish', publishUrl, ['rtmp:', 'rtmps:']);
  if (pid !== null && !/^[1-9]\d*$/.test(pid))
    throw new Error(
      `--beside-pid: expected the number of a process, got ${pid}; next: find it by pidof NAME`,
    );
  const name = text('beside-name') ?? whepUrl;
  return { name, whepUrl, publishUrl, pid: pid === null ? null : Number(pid) };
}

function requireUrl(flag: string, url: string, protocols: readonly string[]): void {
  if (protocols.includes(URL.parse(url)?.protocol ?? '')) return;
  const [protocol] = protocols;
  throw new Error(`${flag}: expected a URL that begins with ${protocol}//, got ${url}; ${seeHelp}`);
}
