import { Box, render, Text, useInput, usePaste } from 'ink';
import type { Stdin } from '../../program/context.ts';
import { keysOfInput } from './keys-of-input.ts';
import type { Key } from './prompt.ts';

/** A terminal that the dashboard has for itself. */
export interface Screen extends Disposable {
  /** Shows these lines; only what differs from those before is written. */
  show(lines: readonly string[]): void;
  /** All that was shown is written. */
  flushed(): Promise<void>;
}

export interface ScreenOptions {
  readonly stdin: Stdin;
  readonly stdout: NodeJS.WriteStream;
  readonly onKey: (key: Key) => void;
}

/** Frames per second at most: more are not seen over a line. */
const maxFps = 20;

/** Takes the terminal: its other screen, its keys one by one. Disposed of, the terminal is as it was. */
export function takeScreen({ stdin, stdout, onKey }: ScreenOptions): Screen {
  const options = {
    incrementalRendering: true,
    alternateScreen: true,
    exitOnCtrlC: false,
    interactive: true,
  };
  const app = render(<Lines lines={[]} onKey={onKey} />, {
    ...options,
    ...{ stdin: stdin as NodeJS.ReadStream, stdout, maxFps, patchConsole: false },
  });
  let shown = '';
  return {
    show(lines) {
      const text = lines.join('\n');
      if (text === shown) return;
      shown = text;
      app.rerender(<Lines lines={lines} onKey={onKey} />);
    },
    flushed: () => app.waitUntilRenderFlush(),
    [Symbol.dispose]: () => app.unmount(),
  };
}

function Lines({ lines, onKey }: { readonly lines: readonly string[]; readonly onKey: (key: Key) => void }) {
  useInput((input, key) => {
    for (const one of keysOfInput(input, key)) onKey(one);
  });
  usePaste((text) => onKey({ name: 'paste', text }));
  return (
    <Box flexDirection="column">
      {lines.map((line, row) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a row is told by where it stands.
        <Text key={row} wrap="truncate">
          {line || ' '}
        </Text>
      ))}
    </Box>
  );
}
