import { styleText } from 'node:util';
import { asMiroliveError, MiroliveError } from '../../contract/errors.ts';
import { withoutSecretsIn } from '../../contract/source-words.ts';
import { type Paint, printable } from '../words/format.ts';
import { wrapped } from '../words/wrapped.ts';
import { type Asked, atPlaces } from './runnable-hint.ts';

/** How long people wait without a word, in ms. */
const silentMs = 1000;

/** Where a command writes to: standard output or standard error of the process, or a test's own. */
export interface Sink {
  write(text: string | Uint8Array): unknown;
  readonly isTTY?: boolean;
  readonly columns?: number;
  readonly rows?: number;
  /** It has no room for more, and keeps what it gets. */
  readonly writableNeedDrain?: boolean;
}

/** How output looks. */
export interface OutputOptions {
  readonly stdout: Sink;
  readonly stderr: Sink;
  /** Values instead of words: one JSON text per line. */
  readonly json: boolean;
  /** Colours are used where this is true and the output is a terminal. */
  readonly color: boolean;
  /** What commands that are named have to say too, so that they ask the same daemon; nothing by default. */
  readonly places?: string;
}

/** What a command says, in words for people or in JSON for scripts. */
export type Output = ReturnType<typeof createOutput>;

/** The two outputs of the process with their manners. */
export function createOutput({ stdout, stderr, json, color, places = '' }: OutputOptions) {
  const painter =
    (sink: Sink): Paint =>
    (style, text) =>
      color && sink.isTTY === true ? styleText(style, text, { validateStream: false }) : text;
  const paint = painter(stdout);
  const paintError = painter(stderr);
  let asked: Asked = { where: 'here', words: places };

  return {
    json,
    stdout,
    stderr,
    /** Someone sits in front of it, and wants words. */
    interactive: stdout.isTTY === true && !json,
    /**
     * Says on a terminal what is waited for, where that takes longer than people wait without a word; nothing elsewhere, nor in JSON.
     * Disposed of when it is waited for no longer.
     */
    waiting(what: string): Disposable {
      const mute = json || stderr.isTTY !== true;
      const timer = mute
        ? undefined
        : setTimeout(() => stderr.write(`waiting for ${printable(what)} …\n`), silentMs);
      return { [Symbol.dispose]: () => clearTimeout(timer) };
    },

    /** One line on a terminal that is written anew each time; nothing elsewhere, nor in JSON. Disposed of, it is gone. */
    progress(): Disposable & { show(text: string): void; clear(): void } {
      const mute = json || stderr.isTTY !== true;
      // To the first column, and what is there goes (ECMA-48, EL).
      const write = (text: string) => mute || stderr.write(`\r\u001b[K${printable(text)}`);
      const clear = () => void write('');
      return { show: (text) => void write(text), clear, [Symbol.dispose]: clear };
    },

    /** Whether colours are used on standard output. */
    color: color && stdout.isTTY === true,
    paint,
    /** Width of the terminal; without end where there is none. */
    get columns() {
      return stdout.columns || Number.POSITIVE_INFINITY;
    },

    /** A line for people, with commands that ask the same daemon. */
    placed: (text: string) => atPlaces(text, asked),

    /** From now on, commands that are named are for a daemon of this machine, or of another one. */
    asks(where: Asked['where']): void {
      asked = { ...asked, where };
    },

    /** One line for people. */
    line(text = ''): void {
      stdout.write(`${this.placed(text)}\n`);
    },

    /** One value for scripts. */
    value(value: unknown): void {
      stdout.write(`${JSON.stringify(value)}\n`);
    },

    /** The same fact in either form: `value` for scripts, else what `words` gives, line by line. */
    show(value: unknown, words: () => readonly string[], { fold = false }: { fold?: boolean } = {}): void {
      if (json) this.value(value);
      else if (fold) for (const line of words()) stdout.write(`${this.folded(line).join('\n')}\n`);
      else for (const line of words()) this.line(line);
    },

    /** A line as `placed`, in lines that fit the terminal, broken between words; these, and a command behind an arrow, stay whole, to be copied. */
    folded(text: string): string[] {
      const line = this.placed(text);
      return /^ *\u2192/.test(line) ? [line] : wrapped(line, this.columns - 1, 'whole');
    },

    /** A line for people beside the output, such as progress; nothing in JSON. */
    note(text: string): void {
      if (!json) stderr.write(`${text}\n`);
    },

    /** What is wrong, but stops nothing: on standard error, with JSON too, of which it is no part. */
    warn(text: string): void {
      stderr.write(`${paintError('yellow', 'warning:')} ${printable(text)}\n`);
    },

    /** Any thrown value: `error:` and `next:` on standard error; with JSON one object on standard output, so that a script has to read but one. */
    error(thrown: unknown): void {
      const { code, message, hint } = asMiroliveError(thrown);
      const way = atPlaces(withoutSecretsIn(hint), asked);
      const error = new MiroliveError(code, withoutSecretsIn(message), { hint: way });
      if (json) {
        this.value({ error });
        return;
      }
      const [first = '', ...rest] = error.message.split('\n').map(printable);
      stderr.write(`${paintError('red', 'error:')} ${first}\n`);
      for (const line of rest) stderr.write(`       ${line}\n`);
      stderr.write(`  ${paintError('cyan', 'next:')} ${printable(error.hint)}\n`);
    },
  };
}
