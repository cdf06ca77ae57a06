import { readFileSync } from 'node:fs';
import type { Command } from 'commander';
import { installed } from '../../contract/installation.ts';
import type { Sink } from './output.ts';
import { type Perform, Verb } from './verb.ts';
import { addVerbs, firstWord } from './verbs.ts';

/**
 * The command line as a tree.
 *
 * @param words what was typed; with none, the tree is whole
 */
export async function buildProgram(
  stdout: Sink,
  stderr: Sink,
  perform: Perform,
  words: readonly string[] = [],
): Promise<Verb> {
  const program = new Verb('mirolive', perform)
    .description('A broadcast desk: put a file on air in a room, hand out the link.')
    .version(versionWords(words), '-V, --version', 'print the version')
    .helpOption('-h, --help', 'print this help')
    .helpCommand(false)
    .option('--json', 'print JSON for scripts')
    .option('--socket <path>', 'control socket of the daemon (MIROLIVE_SOCKET)')
    .option(
      '--host <host[:port]>',
      'daemon of another machine (MIROLIVE_HOST), with the token in MIROLIVE_TOKEN',
    )
    .option('--token-file <file>', 'file with the token for it')
    .option('--fingerprint <print>', 'SHA-256 print of its certificate, as its own mirolive status shows it')
    .option('--context <name>', 'daemon by its name (MIROLIVE_CONTEXT); see: mirolive context --help')
    .option('--config <file>', 'configuration file (MIROLIVE_CONFIG)')
    .option('--no-color', 'no colours (NO_COLOR)')
    .configureHelp({ showGlobalOptions: true })
    .configureOutput({
      writeOut: (text) => stdout.write(text),
      writeErr: (text) => stderr.write(text),
      outputError: () => {}, // Reported with all other errors.
    })
    .exitOverride()
    .examples([
      'mirolive daemon --background',
      'mirolive stream --file talk.mp4 --room lobby',
      'mirolive status',
    ]);
  await addVerbs(program, words);
  return program;
}

/** The command that an argument list names, and its words, such as `mirolive config check`. */
export function namedCommand(program: Command, argv: readonly string[]): { command: Command; path: string } {
  const names = [program.name()];
  let command = program;
  const verb = firstWord(argv);
  // What stands behind a word that is none is no command of ours either.
  if (!program.commands.some((one) => one.name() === verb)) return { command, path: program.name() };
  for (const word of argv) {
    const next = command.commands.find((candidate) => candidate.name() === word);
    if (next === undefined) continue;
    names.push(next.name());
    command = next;
  }
  return { command, path: names.join(' ') };
}

function versionWords(words: readonly string[]): string {
  const version = packageVersion();
  return words.includes('--json') ? JSON.stringify({ version }) : version;
}

function packageVersion(): string {
  const file = readFileSync(installed('package.json'), 'utf8');
  return (JSON.parse(file) as { version: string }).version;
}
