import { render, useInput, usePaste } from 'ink';
import type { Stdin } from '../../program/context.ts';
import { keysOfInput } from './keys-of-input.ts';
import { erased, repainted } from './paint.ts';
import type { Key } from './prompt.ts';

/** A terminal that the dashboard has for itself. */
export interface Screen extends Disposable {
  /** Shows these lines; only those that differ from the ones before are written. */
  show(lines: readonly string[]): void;
}

export interface ScreenOptions {
  readonly stdin: Stdin;
  readonly stdout: NodeJS.WriteStream;
  readonly onKey: (key: Key) => void;
  /** It has another size, and nothing on it. */
  readonly onResize: () => void;
}

/** Takes the terminal: its other screen, its keys one by one. Disposed of, the terminal is as it was. */
export function takeScreen({ stdin, stdout, onKey, onResize }: ScreenOptions): Screen {
  const app = render(<Keys onKey={onKey} />, {
    ...{ stdin: stdin as NodeJS.ReadStream, stdout, patchConsole: false },
    ...{ alternateScreen: true, exitOnCtrlC: false, interactive: true },
  });
  let shown: readonly string[] = [];
  const resized = () => {
    shown = [];
    stdout.write(erased);
    onResize();
  };
  // Behind what Ink does then, which takes away lines that it never drew.
  stdout.on('resize', resized);
  return {
    show(lines) {
      stdout.write(repainted(shown, lines));
      shown = lines;
    },
    [Symbol.dispose]() {
      stdout.off('resize', resized);
      app.unmount();
    },
  };
}

/** Draws nothing: Ink would lay out and read each letter of a screen anew, which costs more than all the rest, and here each line is as it has to be. */
function Keys({ onKey }: Pick<ScreenOptions, 'onKey'>) {
  useInput((input, key) => {
    for (const one of keysOfInput(input, key)) onKey(one);
  });
  usePaste((text) => onKey({ name: 'paste', text }));
  return null;
}
