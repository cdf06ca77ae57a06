import type { Command } from 'commander';
import { MiroliveError } from '../../contract/errors.ts';

/** What `-` stands for in other programs; a file of this name is `./-`. */
const dash = '-';
/** Options and arguments that name a file or a folder, by how they are written: `--html <file>`. */
const namesFile = /[<[](?:file|folder)(?:\.\.\.)?[>\]]/;
/** What to do instead, by the option. */
const instead: Readonly<Record<string, string>> = {
  file: 'What comes on standard input goes through: mirolive stream --stdin --room ROOM',
  tokenFile: 'A token that is no file: MIROLIVE_TOKEN; or have it kept: mirolive context add --help',
};

/** Refuses `-` where a file is meant that is neither read from standard input nor written to standard output: there would be one of this name. @param streamed options that take it @throws MiroliveError USAGE */
export function refuseDash(command: Command, streamed: readonly string[]): void {
  const values = command.optsWithGlobals();
  const { options, parent, args, registeredArguments } = command;
  for (const option of [...options, ...(parent ? rootOf(parent).options : [])]) {
    const name = option.attributeName();
    const isDash = [values[name]].flat().includes(dash);
    if (isDash && namesFile.test(option.flags) && !streamed.includes(name))
      throw refusal(option.long ?? option.flags, instead[name]);
  }
  const at = args.indexOf(dash);
  const argument = registeredArguments[at] ?? (at === -1 ? undefined : registeredArguments.at(-1));
  if (argument && ['file', 'source', 'item'].includes(argument.name()))
    throw refusal(argument.name(), argument.name() === 'source' ? instead.file : undefined);
}

/** Refuses what reads standard input or writes to standard output where there is neither. @param streamed as with `refuseDash` @throws MiroliveError USAGE */
export function refuseStreams(command: Command, streamed: readonly string[]): void {
  const values = command.optsWithGlobals();
  const name = streamed.find((one) => values[one] === dash);
  if (name === undefined && values.stdin !== true) return;
  const what = name === undefined ? 'another source than --stdin' : `the name of a file as --${name}, got -`;
  throw new MiroliveError('USAGE', `expected ${what}: in the dashboard there is no pipe`, {
    hint: 'Name a file here; what is piped needs a shell, in another terminal',
  });
}

function refusal(name: string, hint = 'Name a file; one that is called so is ./-'): MiroliveError {
  return new MiroliveError('USAGE', `expected the name of a file as ${name}, got -`, { hint });
}

function rootOf(command: Command): Command {
  return command.parent === null ? command : rootOf(command.parent);
}
