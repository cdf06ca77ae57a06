import { Command } from 'commander';
import type { Context, GlobalFlags } from './context.ts';

/** What a command does; its exit status, 0 if it gives none. */
export type Action = (context: Context) => Promise<number | undefined>;

/** Runs a command's action with the flags that all commands share. */
export type Perform = (flags: GlobalFlags, action: Action) => Promise<void>;

/** Options of every command that is about one room. */
export interface RoomOption {
  readonly room?: string | undefined;
}

/** A command of the tree: its words, and what it does. */
export class Verb extends Command {
  readonly #perform: Perform;
  /** What its help shows of how it is used. */
  exampleLines: readonly string[] = [];

  constructor(name: string | undefined, perform: Perform) {
    super(name);
    this.#perform = perform;
  }

  /** What commander makes the commands below this one with. */
  override createCommand(name?: string): Verb {
    return new Verb(name, this.#perform);
  }

  /** Adds a command below this one. */
  verb(name: string, description: string, examples: readonly string[]): Verb {
    return this.command(name).description(description).examples(examples);
  }

  /** Adds examples to its help. */
  examples(lines: readonly string[]): this {
    this.exampleLines = [...this.exampleLines, ...lines];
    return this.addHelpText('after', `\nExamples:\n${lines.map((line) => `  ${line}\n`).join('')}`);
  }

  /** Declares the room of a command that finds it by itself where only one is on air. */
  inRoom(): this {
    return this.option('--room <room>', 'room; not needed while only one is on air');
  }

  /** Says what it does with its arguments and, behind them, its options. */
  does<Given extends readonly unknown[]>(
    act: (context: Context, ...given: Given) => Promise<number | undefined>,
  ): this {
    return this.action((...given: unknown[]) => {
      this.#refuseEmpty();
      return this.#perform(this.optsWithGlobals<GlobalFlags>(), (context) =>
        act(context, ...(given as unknown as Given)),
      );
    });
  }

  /** What is empty came of a variable that was not set; as a path it would be the current folder. */
  #refuseEmpty(): void {
    const values: Record<string, unknown> = this.optsWithGlobals();
    const flag = Object.keys(values).find((name) => [values[name]].flat().includes(''));
    if (flag !== undefined) this.error(`expected something behind --${kebab(flag)}, got nothing`);
    const place = this.args.indexOf('');
    const argument = this.registeredArguments[place] ?? this.registeredArguments.at(-1);
    if (place !== -1) this.error(`expected something as ${argument?.name()}, got nothing`);
  }
}

/** The name of an option as it is typed: `audio-device`, of `audioDevice`. */
export function kebab(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
}
