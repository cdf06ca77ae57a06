import type { Command, CommanderError } from 'commander';
import { MiroliveError } from '../../contract/errors.ts';

/** Options that mean the same to people, of which a command has one. */
const synonyms: Readonly<Record<string, string>> = { '--title': '--name', '--name': '--title' };

/** What is wrong with a command line, in the words of all other errors. @param path such as `mirolive config check` */
export function usageError({ code, message }: CommanderError, command: Command, path: string): MiroliveError {
  const said = message.replace(/^error: /, '');
  const words = code === 'commander.excessArguments' ? excess(said, command) : said;
  return new MiroliveError('USAGE', inWords(meantOption(words, command)), {
    hint: `See how it is used: ${path} --help`,
  });
}

/** A room is often named without its option. */
function excess(message: string, command: Command): string {
  const { args, registeredArguments } = command;
  const word = args[registeredArguments.length];
  const isRoom =
    word !== undefined && /^[a-z0-9][a-z0-9-]*$/.test(word) && command.getOptionValue('room') === undefined;
  return isRoom && has(command, '--room')
    ? `${message.replace(/\.$/, '')}; did you mean --room ${word}?`
    : message;
}

function meantOption(message: string, command: Command): string {
  const [, unknown = ''] = /^unknown option '([^']*)'/.exec(message) ?? [];
  const meant = synonyms[unknown];
  return meant !== undefined && has(command, meant)
    ? `unknown option '${unknown}'; did you mean ${meant}?`
    : message.replace(/\n\(Did you mean (.*)\?\)$/, '; did you mean $1?');
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
