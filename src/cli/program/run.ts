import { Readable } from 'node:stream';
import { type Command, CommanderError } from 'commander';
import { asMiroliveError, exitStatusOf, MiroliveError } from '../../contract/errors.ts';
import type { Context, GlobalFlags, Process } from './context.ts';
import { colorAllowed, isSamePlace, type PlaceFlags, placeWords } from './environment.ts';
import { createOutput } from './output.ts';
import { buildProgram, namedCommand } from './program.ts';
import { runnableHint, type SaidWords } from './runnable-hint.ts';
import { withForgottenDashes } from './scheduled-line.ts';
import { usageError } from './usage-error.ts';
import type { Perform, Verb } from './verb.ts';
import { firstWord } from './verbs.ts';

/** Runs one command line and gives its exit status: 0 done, else by the error table. */
export async function run(
  argv: readonly string[],
  { stdin, stdout, stderr, interrupts, environment, asked, onScreen = false }: Process,
): Promise<number> {
  const placeOf = (flags: PlaceFlags) => (asked && isSamePlace(flags, asked.by) ? asked.place : undefined);
  if (argv[0] === '__complete') {
    const { printCompletions } = await import('../completion/candidates.ts');
    return printCompletions(argv.slice(1), { environment, placeOf }, stdout);
  }

  const outputFor = (flags: GlobalFlags) =>
    createOutput({
      stdout,
      stderr,
      json: flags.json === true,
      color: colorAllowed(flags.color, environment),
      places: placeWords(flags, environment),
    });
  // Until the flags are parsed, an error can only go by the look of them.
  let output = outputFor({ json: argv.includes('--json'), color: !argv.includes('--no-color') });
  let places: PlaceFlags = {};
  let status = 0;
  const perform: Perform = async (flags, action) => {
    output = outputFor(flags);
    places = flags;
    const context: Context = {
      ...{ flags, environment, output, stdin, interrupts, onScreen },
      place: placeOf(flags),
      again: (line, { place, ...others }) =>
        run(line, {
          ...{ stdin: () => Readable.from([]), environment, onScreen: true, ...others },
          asked: place && { place, by: flags },
        }),
    };
    status = (await action(context)) ?? 0;
  };
  const program = await buildProgram(stdout, stderr, perform, argv);
  try {
    await program.parseAsync(withFileNames(withoutNobodysHelp(argv, program)), { from: 'user' });
    return status;
  } catch (thrown) {
    if (thrown instanceof CommanderError && thrown.exitCode === 0) return 0;
    // A group of commands without the command: its help has been printed.
    if (thrown instanceof CommanderError && thrown.code === 'commander.help') return exitStatusOf('USAGE');
    const { command, path } = namedCommand(program, argv);
    const error =
      thrown instanceof CommanderError
        ? (forgottenDashes(thrown, argv) ?? usageError(thrown, command, path))
        : withRunnableHint(await explained(thrown, command), { argv, command: path });
    output.error(error);
    return exitStatusOf(error.code);
  }

  async function explained(thrown: unknown, command: Command): Promise<MiroliveError> {
    const error = asMiroliveError(thrown);
    if (error.code === 'INVALID_REQUEST') {
      const { inTypedWords } = await import('./typed-words.ts');
      const { message, hint } = error;
      return new MiroliveError(error.code, inTypedWords(message, command), { cause: error, hint });
    }
    if (error.code === 'SOURCE_NOT_FOUND') {
      const { withNearName } = await import('../sources/local-file.ts');
      return await withNearName(error);
    }
    if (error.code !== 'DAEMON_UNREACHABLE') return error;
    const { findPlace } = await import('../places/find-place.ts');
    // Of another machine nothing is known here.
    const place = placeOf(places) ?? (await findPlace(places, environment, () => {}));
    if (place.kind === 'host') return error;
    const { withRunningDaemon } = await import('../daemon-process/lost-daemon.ts');
    return withRunningDaemon(error, places, environment);
  }
}

/** An option of the command that is scheduled, which nothing keeps apart from those of `schedule add`. */
function forgottenDashes({ code }: CommanderError, argv: readonly string[]): MiroliveError | null {
  const line = code === 'commander.unknownOption' ? withForgottenDashes(argv) : null;
  if (line === null) return null;
  return new MiroliveError('USAGE', 'expected -- before the command that is scheduled', {
    hint: `Run: ${line}`,
  });
}

function withRunnableHint(error: MiroliveError, said: SaidWords): MiroliveError {
  return new MiroliveError(error.code, error.message, { cause: error, hint: runnableHint(error, said) });
}

/** What is no command has no help: that of the whole would hide that. */
function withoutNobodysHelp(argv: readonly string[], { commands }: Verb): readonly string[] {
  const verb = firstWord(argv);
  const isCommand = verb === undefined || verb.startsWith('-') || commands.some((one) => one.name() === verb);
  return isCommand ? argv : argv.filter((word) => word !== '--help' && word !== '-h');
}

/** `--file -- -x.mp4` means the file `-x.mp4`, although the usual reading of it is a file of the name `--`. */
function withFileNames(argv: readonly string[]): string[] {
  const at = argv.findIndex((word, index) => word === '--file' && argv[index + 1] === '--');
  const name = argv[at + 2];
  if (at === -1 || name === undefined) return [...argv];
  return [...argv.slice(0, at), `--file=${name}`, ...argv.slice(at + 3)];
}
