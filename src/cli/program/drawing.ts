import { cutToWidth } from '../words/text-width.ts';
import type { Sink } from './output.ts';

// Control sequences of ECMA-48, and of xterm, which all others have too.
/** Another screen, on which no cursor is seen; and back. */
const [enter, leave] = ['\u001b[?1049h\u001b[?25l', '\u001b[?25h\u001b[?1049l'];
const eraseScreen = '\u001b[2J';
const eraseLine = '\u001b[K';
const toRow = (row: number) => `\u001b[${row + 1};1H`;

/** The size of a terminal that does not tell it. */
const usualSize = { columns: 80, rows: 24 };

/** A terminal that is drawn on in place. */
export interface Drawing extends Disposable {
  /** Shows these lines, as many as fit, and below them what is always to be seen; null: nothing. Only lines that differ are written. */
  draw(lines: readonly string[], notice: string | null): void;
}

/** Draws on a terminal's other screen until it is disposed of: it is as it was then, with what was seen last below. */
export function drawing(sink: Sink): Drawing {
  let shown: readonly string[] = [];
  let size = '';
  sink.write(enter);
  return {
    draw(lines, notice) {
      // What a slow line has no room for is drawn with what comes next.
      if (sink.writableNeedDrain === true) return;
      const { columns = usualSize.columns, rows = usualSize.rows } = sink;
      const isResized = size !== `${columns}x${rows}`;
      size = `${columns}x${rows}`;
      const fitted = fittedLines(lines, notice, { columns, rows });
      const before = isResized ? [] : shown;
      const changed = Array.from({ length: Math.max(before.length, fitted.length) }, (_, row) =>
        before[row] === fitted[row] ? '' : `${toRow(row)}${fitted[row] ?? ''}${eraseLine}`,
      ).join('');
      shown = fitted;
      if (isResized || changed !== '') sink.write(`${isResized ? eraseScreen : ''}${changed}`);
    },
    [Symbol.dispose]() {
      sink.write(`${leave}${shown.map((line) => `${line}\n`).join('')}`);
    },
  };
}

/** As much as fits a terminal, and how many lines more there are. */
export function fittedLines(
  lines: readonly string[],
  notice: string | null,
  { columns, rows }: { readonly columns: number; readonly rows: number },
): string[] {
  const notices = notice === null ? [] : [notice];
  const space = Math.max(1, rows - notices.length);
  const isAll = lines.length <= space;
  const first = isAll ? lines : lines.slice(0, space - 1);
  const left = isAll ? [] : [`… ${lines.length - first.length} more, which this terminal has no place for`];
  // One column is left free: what fills a row to its end may wrap with what is written next.
  return [...first, ...left, ...notices].map((line) => cutToWidth(line, columns - 1));
}
