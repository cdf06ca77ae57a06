import { Command } from 'commander';
import type { NewScheduleSpec } from '../../contract/schedule.ts';
import type { Context, GlobalFlags } from './context.ts';
import { refuseDash, refuseStreams } from './refuse-dash.ts';

/** What a command does; its exit status, 0 if it gives none. */
export type Action = (context: Context) => Promise<number | undefined>;

/** What a command does in a room at an hour, as a schedule takes it. */
export interface ScheduledAction {
  readonly room: string | undefined;
  readonly what: NewScheduleSpec['what'];
}

/** Says what a command would have a schedule do. */
export type Plan = (context: Context) => Promise<ScheduledAction>;

/** Runs a command's action with the flags that all commands share. @param plan null: it is none for a schedule */
export type Perform = (flags: GlobalFlags, action: Action, plan: Plan | null) => Promise<void>;

/** Options of every command that is about one room. */
export interface RoomOption {
  readonly room?: string | undefined;
}

/** Options of every command that shows what there is. */
export interface WatchOption {
  readonly watch?: boolean;
}

/** A command of the tree: its words, and what it does. */
export class Verb extends Command {
  readonly #perform: Perform;
  /** What its help shows of how it is used. */
  exampleLines: readonly string[] = [];
  /** Options whose file may be `-`. */
  #streamed: readonly string[] = [];

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

  /** Declares that it shows what changes, too. */
  watched(): this {
    return this.option('--watch', 'show it anew as it changes, until Ctrl-C; with --json a value per line');
  }

  /** Has options take `-` for the file: standard input of what is read, standard output of what is written. @param names such as `html` */
  streams(...names: readonly string[]): this {
    this.#streamed = names;
    return this;
  }

  /** Says what it does with its arguments and, behind them, its options. @param plan the same for a schedule; default: it is nothing to be scheduled */
  does<Given extends readonly unknown[]>(
    act: (context: Context, ...given: Given) => Promise<number | undefined>,
    plan?: (context: Context, ...given: Given) => Promise<ScheduledAction>,
  ): this {
    return this.action((...given: unknown[]) => {
      this.#refuseEmpty();
      refuseDash(this, this.#streamed);
      const those = given as unknown as Given;
      return this.#perform(
        this.optsWithGlobals<GlobalFlags>(),
        (context) => {
          if (context.onScreen) refuseStreams(this, this.#streamed);
          return act(context, ...those);
        },
        plan === undefined ? null : (context) => plan(context, ...those),
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
