import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { asMiroliveError, MiroliveError } from '../../contract/errors.ts';
import type { Finding } from '../../contract/finding.ts';
import { hiddenWord } from '../../contract/hidden-word.ts';
import { builtProgram } from '../../contract/installation.ts';
import type { DegradedPart, Status } from '../../contract/models.ts';
import { workerFinding } from '../../contract/worker-finding.ts';
import { createClient } from '../client.ts';
import { findPlace } from '../places/find-place.ts';
import { type HostPlace, placeName } from '../places/place.ts';
import { type Context, connect } from '../program/context.ts';
import type { Output } from '../program/output.ts';
import { runningConfig } from '../program/running-config.ts';
import type { Verb } from '../program/verb.ts';
import { count, printable } from '../words/format.ts';
import { starterWords } from '../words/starter-words.ts';

/** Below the third column. */
const indent = ' '.repeat(22);

/** `mirolive doctor` */
export const add = (program: Verb) =>
  program
    .verb(
      'doctor',
      'Check this machine, or with --host that of a daemon elsewhere: programs, worker, ports, socket, clock; and what to do about each.',
      [
        'mirolive doctor',
        'mirolive doctor --config /etc/mirolive/mirolive.yaml --json',
        'mirolive doctor --host live.example.org',
        'mirolive doctor --bundle fault.tar.gz',
      ],
    )
    .option(
      '--bundle [file]',
      'pack what a report of a fault needs, without secrets and addresses, into a .tar.gz (-: to standard output); the daemon need not run',
    )
    .streams('bundle')
    .does(doctor);

/** Whether a daemon runs, the configuration, then the daemon's own checks of the machine. Exit 1 if any fails. */
async function doctor(context: Context, { bundle }: { readonly bundle?: string | true }): Promise<number> {
  if (bundle !== undefined) {
    const { makeBundle } = await import('../bundle/make-bundle.ts');
    return await makeBundle(context, bundle === true ? undefined : bundle, look);
  }
  let failed = false;
  await look(context, (finding) => {
    failed ||= finding.state === 'fail';
    context.output.show(finding, () => findingLines(finding, context.output));
  });
  return failed ? 1 : 0;
}

async function look(context: Context, report: (finding: Finding) => void): Promise<void> {
  const place = context.place ?? (await findPlace(context.flags, context.environment, context.output.warn));
  if (place.kind === 'host') return await elsewhere(context, place, report);
  const config = await runningConfig(context);
  const configuration = await configFinding(config);
  report(configuration);
  // What the other checks look at depends on the configuration.
  if (configuration.state === 'fail') return;
  const [daemon, ...missing] = await daemonFindings(context);
  report(daemon);
  for (const finding of missing) report(finding);
  await machineFindings(config, daemon.state === 'ok', report);
}

/** Both ends: how the daemon is reached from here, and what is found there. */
async function elsewhere(
  context: Context,
  place: HostPlace,
  report: (finding: Finding) => void,
): Promise<void> {
  const { connectionFinding, machineFindingsThere } = await import('./remote-findings.ts');
  const client = createClient(place);
  const connection = await connectionFinding(client, place);
  report(connection);
  if (connection.state === 'fail') return;
  for (const finding of await daemonFindings(context)) report(finding);
  for await (const finding of machineFindingsThere(client)) report(finding);
}

async function configFinding(file: string | null): Promise<Finding> {
  const check = 'configuration';
  const { loadConfig } = await import('../../files/load-config.ts');
  try {
    await loadConfig(file);
    return { check, state: 'ok', detail: file ?? 'built-in defaults', fix: null };
  } catch (thrown) {
    const { message, hint } = asMiroliveError(thrown);
    return { check, state: 'fail', detail: message, fix: hint };
  }
}

/** Whether a daemon answers, and which of its parts are missing. */
async function daemonFindings(context: Context): Promise<[Finding, ...Finding[]]> {
  const check = 'daemon';
  try {
    const client = await connect(context);
    const status = await client.call('status', {});
    const { version, newerBuild, degraded, worker, workers, state } = status;
    return [
      {
        check,
        state: 'ok',
        detail: `version ${version} answers on ${placeName(client.place)}${state.folder === hiddenWord ? '' : `, its state is in ${state.folder}`}`,
        fix: null,
      },
      ...starterFindings(status),
      ...(newerBuild ? [newerBuildFinding] : []),
      ...(workers.length === 0 ? [] : [workersFinding(workers.length)]),
      ...(worker ? [workerFinding(worker)] : []),
      ...degraded.map(missingFinding),
    ];
  } catch (thrown) {
    const { code, message, hint } = asMiroliveError(thrown);
    const state = code === 'DAEMON_UNREACHABLE' ? 'warn' : 'fail';
    return [{ check, state, detail: message, fix: hint }];
  }
}

function starterFindings({ starter, pid }: Status): Finding[] {
  if (!starter) return [];
  const { words: detail, next: fix } = starterWords(starter, pid);
  return [{ check: 'run by', state: fix === null ? 'ok' : 'warn', detail, fix }];
}

const newerBuildFinding: Finding = {
  check: 'build',
  state: 'warn',
  detail: 'mirolive was built anew since the daemon started',
  fix: 'Restart the daemon when nothing is on air; until then it goes on with its own build',
};

/** Whoever is bound to rooms is told of none. */
function workersFinding(workers: number): Finding {
  return { check: 'workers', state: 'ok', detail: `${count(workers, 'worker')} running`, fix: null };
}

function missingFinding({ part, reason, since, failures, nextTryAt }: DegradedPart): Finding {
  const detail = `missing since ${since}, tried ${count(failures, 'time')}: ${reason}`;
  return {
    check: part,
    state: 'fail',
    detail,
    fix:
      nextTryAt === null
        ? 'It stays so until that is mended; files are read again by: mirolive reload'
        : 'It is tried again by itself; see the log of the daemon',
  };
}

async function machineFindings(
  config: string | null,
  running: boolean,
  report: (finding: Finding) => void,
): Promise<void> {
  const args = [
    '--doctor',
    ...(config === null ? [] : ['--config', config]),
    ...(running ? ['--running'] : []),
  ];
  const child = spawn(process.execPath, [fileURLToPath(builtProgram('daemon/main')), ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const closed = once(child, 'close');
  const complaint = text(child.stderr);
  let findings = 0;
  for await (const line of createInterface({ input: child.stdout })) {
    report(JSON.parse(line) as Finding);
    findings += 1;
  }
  await closed;
  if (findings === 0) {
    throw new MiroliveError(
      'INTERNAL',
      `the checks of this machine did not run: ${(await complaint).trim()}`,
    );
  }
}

function findingLines({ check, state, detail, fix }: Finding, { paint }: Output): string[] {
  const style = { ok: 'green', warn: 'yellow', fail: 'red' } as const;
  const [first = '', ...rest] = detail.split('\n').map(printable);
  return [
    `${paint(style[state], state.padEnd(4))}  ${check.padEnd(14)}  ${first}`,
    ...rest.map((line) => indent + line),
    ...(fix === null || state === 'ok' ? [] : [`${indent}→ ${printable(fix)}`]),
  ];
}
