import type { Command } from 'commander';

/** What `man mirolive` shows of the tree of commands: the same words as its help. In man(7). */
export function manPage(program: Command, version: string): string {
  return [
    `.TH MIROLIVE 1 "" "mirolive ${version}" "User Commands"`,
    '.SH NAME',
    `mirolive \\- ${text(sentence(program.description()))}`,
    '.SH SYNOPSIS',
    '.B mirolive',
    '.I command',
    '.RI [ options ]',
    '.SH DESCRIPTION',
    text(program.description()),
    '.PP',
    text('Options of each command; they may stand behind it.'),
    ...options(program),
    '.SH COMMANDS',
    ...leaves(program).flatMap(([name, command]) => section(name, command)),
    '.SH FILES',
    ...entry(
      '/etc/mirolive/mirolive.yaml',
      'the configuration, where --config and MIROLIVE_CONFIG name no other',
    ),
    ...entry('/run/mirolive/control.sock', 'the control socket of the service'),
    ...entry('/var/lib/mirolive', 'the state of the service: what survives a restart'),
    '.SH ENVIRONMENT',
    ...entry(
      'MIROLIVE_SOCKET, MIROLIVE_HOST, MIROLIVE_CONTEXT, MIROLIVE_CONFIG',
      'as --socket, --host, --context and --config',
    ),
    ...entry('NO_COLOR', 'as --no-color'),
    '',
  ].join('\n');
}

/** Every command that does something, by its whole name. */
export function leaves(command: Command, name = command.name()): [string, Command][] {
  return command.commands.flatMap((child) => {
    const childName = `${name} ${child.name()}`;
    return child.commands.length > 0 ? leaves(child, childName) : [[childName, child] as [string, Command]];
  });
}

function section(name: string, command: Command): string[] {
  const help = command.createHelp();
  return [
    `.SS "${text(`${name} ${command.usage()}`)}"`,
    text(command.description()),
    ...help
      .visibleArguments(command)
      .flatMap((argument) => entry(help.argumentTerm(argument), help.argumentDescription(argument))),
    ...options(command),
    ...('exampleLines' in command ? examples(command.exampleLines as readonly string[]) : []),
  ];
}

function options(command: Command): string[] {
  const help = command.createHelp();
  return help
    .visibleOptions(command)
    .filter(({ long }) => long !== '--help')
    .flatMap((option) => entry(help.optionTerm(option), help.optionDescription(option)));
}

function examples(lines: readonly string[]): string[] {
  if (lines.length === 0) return [];
  return ['.PP', 'Examples:', '.PP', '.RS 4', '.nf', ...lines.map(text), '.fi', '.RE'];
}

function entry(term: string, description: string): string[] {
  return ['.TP', `.B "${text(term).replaceAll('"', '\\(dq')}"`, text(description || term)];
}

/** Words that mean nothing to roff: a line that begins with a dot would be a request, and `-` a hyphen that nobody can copy. */
function text(words: string): string {
  const escaped = words
    .replaceAll('\\', '\\e')
    .replaceAll('-', '\\-')
    .replaceAll(/\s*\n\s*/g, ' ');
  return /^[.']/.test(escaped) ? `\\&${escaped}` : escaped;
}

/** As it stands behind a name: `a broadcast desk: …`, without its full stop. */
function sentence(words: string): string {
  return (words[0] ?? '').toLowerCase() + words.slice(1).replace(/\.$/, '');
}
