import { type Command, InvalidArgumentError } from 'commander';
import type { Context, GlobalFlags } from './context.ts';

/** What a command does; its exit status, 0 if it gives none. */
export type Action = (context: Context) => Promise<number | undefined>;

/** Runs a command's action with the flags that all commands share. */
export type Perform = (flags: GlobalFlags, action: Action) => Promise<void>;

/** The same for a command of the tree, whose flags it reads. */
export type Act = (command: Command, action: Action) => Promise<void>;

/** Adds examples to a command's help. */
export function examples(command: Command, lines: readonly string[]): void {
  command.addHelpText('after', `\nExamples:\n${lines.map((line) => `  ${line}\n`).join('')}`);
}

/** A parser of values that are whole numbers from 0. */
export function wholeNumber(text: string): number {
  if (!/^\d{1,6}$/.test(text)) throw new InvalidArgumentError('Expected a whole number from 0.');
  return Number(text);
}
