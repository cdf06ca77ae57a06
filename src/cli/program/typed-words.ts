import type { Command } from 'commander';

/** Parameters of calls, by what an option or an argument is called that people type. */
const typedAs: Readonly<Record<string, readonly string[]>> = {
  stepMs: ['every'],
  beforeMs: ['before'],
  expiresMs: ['expires', 'for'],
  text: ['words'],
  title: ['title', 'card'],
  ids: ['viewer', 'ban'],
  id: ['viewer', 'ban', 'webhook', 'key', 'token', 'id'],
  broadcast: ['id'],
  type: ['type', 'types'],
};
const unitsMs = [
  [86_400_000, 'd'],
  [3_600_000, 'h'],
  [60_000, 'm'],
  [1000, 's'],
] as const;

/** What a call finds wrong, in the words of the command line by which it was made: `--for: expected at most 1d, got 9d`, of `forMs` in ms. */
export function inTypedWords(message: string, command: Command): string {
  return message
    .split('; ')
    .map((sentence) => {
      const [, path = '', rest = ''] = /^([A-Za-z][\w.]*): (expected .*)$/s.exec(sentence) ?? [];
      const field = path.split('.').findLast((part) => /\D/.test(part));
      const typed = field === undefined ? undefined : typedName(field, command);
      if (field === undefined || typed === undefined) return sentence;
      return `${typed}: ${field.endsWith('Ms') ? inUnits(rest) : rest}`;
    })
    .join('; ');
}

function typedName(field: string, { options, registeredArguments }: Command): string | undefined {
  const names = [...(typedAs[field] ?? []), field.replace(/Ms$/, '')];
  for (const name of names) {
    const option = options.find((one) => one.attributeName() === name);
    if (option) return option.long ?? option.flags;
    const argument = registeredArguments.find((one) => one.name() === name);
    if (argument) return argument.name();
  }
  return undefined;
}

/** Lengths of time as they are typed, of numbers in ms. */
function inUnits(words: string): string {
  return words.replace(/"?\b(\d+)\b"?/g, (_, digits: string) => {
    const ms = Number(digits);
    const [unitMs, unit] = unitsMs.find(([size]) => ms > 0 && ms % size === 0) ?? [1, 'ms'];
    return ms === 0 ? '0s' : `${ms / unitMs}${unit}`;
  });
}
