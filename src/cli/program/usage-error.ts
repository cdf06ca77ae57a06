import type { Command, CommanderError } from 'commander';
import { MiroliveError } from '../../contract/errors.ts';
import { type Meant, meantBelow, meantCommand } from './meant-words.ts';

/** Options that mean the same to people, of which a command has one. */
const synonyms: Readonly<Record<string, readonly string[]>> = {
  '--title': ['--name'],
  '--name': ['--title'],
  '--tail': ['--follow'],
  '--lines': ['--limit', '--since'],
  '-f': ['--file', '--follow'],
  '-r': ['--room'],
  '-n': ['--limit', '--since'],
  '--from': ['--since'],
  '--to': ['--until'],
  '--duration': ['--for'],
  '--message': ['--reason'],
  '--force': ['--yes'],
};

/** Why a secret is no option. */
const tokenWords: Meant = {
  words: 'a token on a command line is read by all who see its processes, and stays in its history',
  next: 'Have it in MIROLIVE_TOKEN, or in a file: --token-file FILE; or keep it for good: mirolive context add --help',
};

/** What is wrong with a command line, in the words of all other errors. @param path such as `mirolive config check` */
export function usageError({ code, message }: CommanderError, command: Command, path: string): MiroliveError {
  const said = message.replace(/^error: /, '').replace(/^(unknown option '[^'=]*)=[^']*'/s, "$1'");
  const meant = meantBy(code, said, command);
  if (meant) {
    const [wrong = ''] = said.replace(/\.$/, '').split('\n');
    return new MiroliveError('USAGE', `${wrong}; ${meant.words}`, { hint: meant.next });
  }
  const words = code === 'commander.excessArguments' ? excess(said, command) : said;
  return new MiroliveError('USAGE', inWords(meantOption(words, command)), {
    hint: `See how it is used: ${path} --help`,
  });
}

function meantBy(code: string, said: string, command: Command): Meant | null {
  const [, unknown = ''] = /^unknown (?:option|command) '([^']*)'/.exec(said) ?? [];
  if (code === 'commander.unknownCommand') return meantCommand(unknown, command);
  if (code === 'commander.unknownOption') return unknown === '--token' ? tokenWords : null;
  const word = excessWord(command);
  return code === 'commander.excessArguments' && word !== undefined ? meantBelow(word, command) : null;
}

function excessWord({ args, registeredArguments }: Command): string | undefined {
  return args[registeredArguments.length];
}

/** A room is often named without its option. */
function excess(message: string, command: Command): string {
  const word = excessWord(command);
  const isRoom =
    word !== undefined && /^[a-z0-9][a-z0-9-]*$/.test(word) && command.getOptionValue('room') === undefined;
  return isRoom && has(command, '--room')
    ? `${message.replace(/\.$/, '')}; did you mean --room ${word}?`
    : message;
}

function meantOption(message: string, command: Command): string {
  const [, unknown = ''] = /^unknown option '([^']*)'/.exec(message) ?? [];
  const meant = (synonyms[unknown] ?? byLetter(unknown, command)).find((option) => has(command, option));
  return meant === undefined
    ? message.replace(/\n\(Did you mean (.*)\?\)$/, '; did you mean $1?')
    : `unknown option '${unknown}'; did you mean ${meant}?`;
}

/** The only option that begins with a letter, where that alone was said: `-r`. */
function byLetter(unknown: string, { options }: Command): string[] {
  const [, letter] = /^-([a-z])$/.exec(unknown) ?? [];
  const found = options.flatMap(({ long }) => (letter && long?.startsWith(`--${letter}`) ? [long] : []));
  return found.length === 1 ? found : [];
}

/** `300`, refused as `percent`: what was expected first. */
function inWords(message: string): string {
  const [, value, name, expected = ''] =
    /^command-argument value '(.*)' is invalid for argument '(.*)'\. (.*)\.$/s.exec(message) ?? [];
  if (value === undefined) return message;
  const what = expected.replace(/^Expected /, '').replace(/^Allowed choices are /, 'one of ');
  return `expected ${what} as ${name}, got '${value}'`;
}

function has(command: Command, option: string): boolean {
  return command.options.some(({ long }) => long === option);
}
