import { systemClock } from '../../contract/clock.ts';
import type { View } from '../../contract/view/view.ts';
import type { Client } from '../client.ts';
import type { Observed, ObserveParams } from '../observed-view.ts';
import { wrapped } from '../words/wrapped.ts';
import type { Context } from './context.ts';
import { drawing } from './drawing.ts';
import type { Output } from './output.ts';
import { paced } from './paced.ts';

/** What a command shows of a view: a value for scripts, and words for people. */
export interface Shown {
  readonly value: unknown;
  readonly words: () => readonly string[];
  /** Lines that are too long for the terminal are broken between words. */
  readonly fold?: boolean;
}

/** Shows one after the other. @param lost why the daemon is not heard, whose last view it is; null: it is */
interface Display extends Disposable {
  show(shown: Shown, lost: string | null): void;
}

/** Four times a second at most; ages grow while nothing else changes. */
const pace = { clock: systemClock, everyMs: 250, againMs: 1000 };

/**
 * Shows something of the daemon anew each time that it changes, until a signal, over restarts of the daemon too: on a terminal in place,
 * elsewhere as a block behind the one before, in JSON as a value per line. Gives the exit status of the signal.
 */
export async function watch(
  context: Context,
  client: Client,
  params: ObserveParams,
  shown: (view: View) => Shown,
): Promise<number> {
  const interrupted = context.interrupts();
  const left = new AbortController();
  const signal = AbortSignal.any([interrupted, left.signal]);
  const told = paced(client.observe(params, signal), pace, signal)[Symbol.asyncIterator]();
  try {
    // Where no daemon answers, no terminal is taken.
    const first = await told.next();
    if (first.done) return interrupted.reason;
    using display = displayOn(context);
    for (let { value }: { value: Observed } = first; ; ) {
      display.show(shown(value.view), value.is === 'lost' ? value.why.message : null);
      const next = await told.next();
      if (next.done) return interrupted.reason;
      ({ value } = next);
    }
  } finally {
    left.abort();
  }
}

function displayOn({ output, environment }: Context): Display {
  const isDrawable = output.interactive && environment.variables.TERM !== 'dumb';
  return isDrawable ? inPlace(output) : oneByOne(output);
}

function inPlace(output: Output): Display {
  const drawn = drawing(output.stdout);
  return {
    show({ words, fold = false }, lost) {
      const notice = lost === null ? null : output.paint('yellow', `the daemon is lost, trying: ${lost}`);
      const lines = words().map(output.placed);
      drawn.draw(fold ? lines.flatMap((line) => wrapped(line, output.columns - 1)) : lines, notice);
    },
    [Symbol.dispose]: drawn[Symbol.dispose],
  };
}

/** Each change once, behind the one before: for scripts, and for whoever reads a pipe. */
export function oneByOne(output: Output): Display {
  let before: string | null = null;
  let isLost = false;
  return {
    show({ value, words }, lost) {
      if (lost !== null) {
        if (!isLost) output.warn(`the daemon is lost, trying: ${lost}`);
        isLost = true;
        return;
      }
      if (isLost) output.note('the daemon is back');
      isLost = false;
      // Who reads slowly has the latest of what he can take.
      if (output.stdout.writableNeedDrain === true) return;
      const lines = output.json ? [JSON.stringify(value)] : words();
      const text = lines.join('\n');
      if (text === before) return;
      if (before !== null && !output.json) output.line();
      before = text;
      output.show(value, () => lines);
    },
    [Symbol.dispose]() {},
  };
}
