import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { homedir } from 'node:os';
import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { type ErrorBody, MiroliveError } from '../../contract/errors.ts';
import { builtProgram } from '../../contract/installation.ts';
import type {
  StateBackup,
  StateReport,
  StateRestore,
  StateRestorePlan,
} from '../../contract/state-report.ts';
import { servicesInstead, stateFolder, writableFolder } from '../../files/state-folder.ts';
import type { Context } from '../program/context.ts';
import { findConfig } from '../program/environment.ts';
import { onlyHere } from '../program/only-here.ts';
import type { Verb } from '../program/verb.ts';
import { count, printable } from '../words/format.ts';

/** `mirolive state check|backup|restore|accept` */
export function add(program: Verb): void {
  const state = program.verb(
    'state',
    'Look after what survives a restart: stream keys, rooms, schedules, what is to be on air. It lies where the configuration says; the daemon need not run.',
    ['mirolive state check', 'mirolive state backup', 'mirolive state restore latest --yes'],
  );
  state
    .verb('check', 'Read all of it, say what is in it, and list its backups. Exit 1 if it cannot be used.', [
      'mirolive state check',
      'mirolive state check --json | jq .rows',
    ])
    .does(check);
  state
    .verb(
      'backup',
      'Copy it, while the daemon runs too; into its folder, where the last seven and those of seven days are kept, or into a file. The daemon makes one a day by itself.',
      ['mirolive state backup', 'mirolive state backup /mnt/backup/mirolive-$(date +%F).db'],
    )
    .argument('[file]', 'file that is not there yet')
    .does(backup);
  state
    .verb(
      'restore',
      'Put a backup in its place, and what was there beside it; the daemon must not run. What was revoked since stays revoked.',
      [
        'mirolive state restore latest --yes',
        'mirolive state restore /mnt/backup/mirolive-2026-11-29.db --off-air --yes',
      ],
    )
    .argument('<file>', 'a backup, or `latest`: the newest that can be read')
    .option('--off-air', 'nothing of it goes on air: all else comes back')
    .option('--yes', 'do it: without, it is only said what would be done')
    .does(restore);
  state
    .verb('accept', 'Go on without a state that was damaged, or is gone: nobody is told of it any more.', [
      'mirolive state accept',
    ])
    .does(accept);
}

async function check(context: Context): Promise<number> {
  const report = await run<StateReport>(context, 'check');
  context.output.show(report, () => reportLines(report));
  return isUsable(report) && report.lost === null ? 0 : 1;
}

async function backup(context: Context, file: string | undefined): Promise<number> {
  const made = await run<StateBackup>(context, 'backup', file && resolve(context.environment.cwd, file));
  context.output.show(made, () => [backupLine(made)]);
  return 0;
}

async function restore(
  context: Context,
  file: string,
  { yes = false, offAir = false }: { readonly yes?: boolean; readonly offAir?: boolean },
): Promise<number> {
  const { cwd } = context.environment;
  const given = file === 'latest' ? file : resolve(cwd, file);
  if (!yes) throw unsure(await run<StateRestorePlan>(context, 'plan', given), offAir);
  const restored = await run<StateRestore>(context, 'restore', given, ...(offAir ? ['off-air'] : []));
  context.output.show(restored, () => restoredLines(restored));
  return 0;
}

function unsure({ from, onAir }: StateRestorePlan, offAir: boolean): MiroliveError {
  const none = '; nothing was on air when it was made, but what it has scheduled since may go on air late';
  const some = onAir.length === 0 ? none : `, and put on air: ${onAir.join(', ')}`;
  const begins = offAir ? '; nothing of it would go on air before its hour' : some;
  return new MiroliveError(
    'USAGE',
    `expected --yes: ${printable(from)} would take the place of the state${begins}`,
    {
      hint: offAir
        ? 'See what there is first: mirolive state check'
        : 'To have nothing go on air: --off-air; see what there is first: mirolive state check',
    },
  );
}

async function accept(context: Context): Promise<number> {
  const { lost } = await run<{ readonly lost: string | null }>(context, 'accept');
  context.output.show({ lost }, () => [lost === null ? 'No state is lost.' : `Given up: ${printable(lost)}`]);
  return 0;
}

/** What SQLite is needed for is a program of its own. */
async function run<Result>(
  { flags, environment }: Context,
  what: string,
  ...words: readonly (string | undefined)[]
): Promise<Result> {
  onlyHere(`mirolive state ${what}`, flags);
  const { loadConfig } = await import('../../files/load-config.ts');
  const config = await loadConfig(findConfig(flags, environment));
  const folder = stateFolder({
    ...{ configured: config.state.dir, env: environment.variables },
    ...{ home: homedir(), writable: writableFolder },
  });
  const service = servicesInstead({
    configured: config.state.dir,
    env: environment.variables,
    folder,
    there: existsSync,
  });
  if (service !== null)
    throw new MiroliveError(
      'STATE_UNAVAILABLE',
      `the state of the service is not this user's to look into: ${service}`,
      {
        hint: 'As its user, or root: sudo mirolive state check; another one: state.dir of the configuration',
      },
    );
  const program = fileURLToPath(builtProgram('daemon/state/main'));
  const { stdout } = await promisify(execFile)(process.execPath, [
    program,
    what,
    folder,
    ...words.filter((word) => word !== undefined),
  ]);
  const { result, error } = JSON.parse(stdout) as { readonly result: Result; readonly error?: ErrorBody };
  if (error) throw new MiroliveError(error.code, error.message, { hint: error.hint });
  return result;
}

function isUsable({ state }: StateReport): boolean {
  return state === 'ok' || state === 'empty';
}

function reportLines({ file, state, version, problem, rows, lost, backups }: StateReport): string[] {
  const words = {
    ok: `can be used, version ${version}`,
    empty: 'nothing is kept yet',
    gone: 'is gone: there was one',
    damaged: `is damaged: ${problem}`,
    newer: `cannot be used: ${problem}`,
  };
  const [newest] = backups;
  return [
    `${printable(file)}: ${printable(words[state])}`,
    ...Object.entries(rows ?? {}).map(([table, number]) => `  ${table.padEnd(14)}  ${number}`),
    ...(lost === null ? [] : [`Lost: ${printable(lost)}`]),
    ...(newest ? backups.map(backupLine) : ['There is no backup yet: mirolive state backup']),
    ...(newest && (lost !== null || state === 'damaged' || state === 'gone')
      ? ['→ End the daemon, then: mirolive state restore latest --yes']
      : []),
  ];
}

function backupLine({ file, at, bytes }: StateBackup): string {
  return `backup of ${at}, ${Math.ceil(bytes / 1024)} KiB: ${printable(file)}`;
}

function restoredLines({ from, file, setAside, revoked, closed, onAir, takenOff }: StateRestore): string[] {
  return [
    `${printable(from)} is in place: ${printable(file)}`,
    ...(setAside === null ? [] : [`What was there: ${printable(setAside)}`]),
    ...(revoked === 0 ? [] : [`${count(revoked, 'secret')} of it, revoked since, stay void.`]),
    ...(closed.length === 0
      ? []
      : [`Not open any more since it was made, and not opened by it: ${closed.join(', ')}`]),
    ...(onAir.length === 0
      ? []
      : [`On air again once the daemon runs, though it was not to be any more: ${onAir.join(', ')}`]),
    ...(takenOff.length === 0 ? [] : [`Stays off air: ${takenOff.join(', ')}`]),
    'Start the daemon: systemctl start mirolive, or mirolive daemon',
  ];
}
