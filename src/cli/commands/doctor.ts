import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { asMiroliveError, MiroliveError } from '../../contract/errors.ts';
import { type Context, connect } from '../context.ts';
import { daemonEntry } from '../daemon-entry.ts';
import { findConfig } from '../environment.ts';
import { printable } from '../format.ts';
import type { Output } from '../output.ts';

/** One finding: `ok`, `warn` (works, could be better), `fail` (something will not work); `fix` says what to do. */
interface Finding {
  readonly check: string;
  readonly state: 'ok' | 'warn' | 'fail';
  readonly detail: string;
  readonly fix: string | null;
}

/** `mirolive doctor`: the daemon's own checks, then whether one runs. Exit 1 if any fails. */
export async function doctor(context: Context): Promise<number> {
  let failed = false;
  const report = (finding: Finding) => {
    failed ||= finding.state === 'fail';
    context.output.show(finding, () => findingLines(finding, context.output));
  };
  report(await daemonFinding(context));
  await machineFindings(context, report);
  return failed ? 1 : 0;
}

async function daemonFinding(context: Context): Promise<Finding> {
  try {
    const client = await connect(context);
    const { version } = await client.call('version', {});
    return {
      check: 'daemon',
      state: 'ok',
      detail: `version ${version} answers on ${client.socket}`,
      fix: null,
    };
  } catch (thrown) {
    const error = asMiroliveError(thrown);
    const state = error.code === 'DAEMON_UNREACHABLE' ? 'warn' : 'fail';
    return { check: 'daemon', state, detail: error.message, fix: error.hint };
  }
}

async function machineFindings(context: Context, report: (finding: Finding) => void): Promise<void> {
  const config = findConfig(context.flags, context.environment);
  const child = spawn(
    process.execPath,
    [daemonEntry().pathname, '--doctor', ...(config === null ? [] : ['--config', config])],
    { stdio: ['ignore', 'pipe', 'pipe'] },
  );
  const closed = once(child, 'close');
  let complaint = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    complaint += text;
  });
  let findings = 0;
  for await (const line of createInterface({ input: child.stdout })) {
    report(JSON.parse(line) as Finding);
    findings += 1;
  }
  await closed;
  if (findings === 0) {
    throw new MiroliveError(
      'INTERNAL',
      `the checks of this machine did not run: ${complaint.trim() || 'no output'}`,
    );
  }
}

function findingLines({ check, state, detail, fix }: Finding, { paint }: Output): string[] {
  const style = { ok: 'green', warn: 'yellow', fail: 'red' } as const;
  const line = `${paint(style[state], state.padEnd(4))}  ${check.padEnd(14)}  ${printable(detail)}`;
  return fix === null || state === 'ok' ? [line] : [line, `${' '.repeat(22)}→ ${printable(fix)}`];
}
