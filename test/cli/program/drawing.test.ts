import { styleText } from 'node:util';
import { expect, test } from 'vitest';
import { drawing, fittedLines } from '../../../src/cli/program/drawing.ts';

/** A terminal that keeps what it is sent. */
function terminal(columns = 40, rows = 6) {
  let sent = '';
  return {
    ...{ columns, rows, writableNeedDrain: false },
    write(text: string) {
      sent += text;
    },
    /** What came since it was asked last. */
    taken: () => {
      const text = sent;
      sent = '';
      return text;
    },
  };
}

test('Only lines that differ are written, and at the end the terminal is as it was', () => {
  const sink = terminal();
  const drawn = drawing(sink);
  drawn.draw(['one', 'two', 'three'], null);
  expect(sink.taken()).toBe(
    '\u001b[?1049h\u001b[?25l\u001b[2J\u001b[1;1Hone\u001b[K\u001b[2;1Htwo\u001b[K\u001b[3;1Hthree\u001b[K',
  );
  drawn.draw(['one', 'TWO', 'three'], null);
  expect(sink.taken()).toBe('\u001b[2;1HTWO\u001b[K');
  drawn.draw(['one', 'TWO', 'three'], null);
  expect(sink.taken()).toBe('');
  drawn.draw(['one', 'TWO'], null);
  expect(sink.taken()).toBe('\u001b[3;1H\u001b[K');
  drawn[Symbol.dispose]();
  expect(sink.taken()).toBe('\u001b[?25h\u001b[?1049lone\nTWO\n');
});

test('Another size is drawn all anew', () => {
  const sink = terminal();
  using drawn = drawing(sink);
  drawn.draw(['one', 'two'], null);
  sink.taken();
  sink.columns = 50;
  drawn.draw(['one', 'two'], null);
  expect(sink.taken()).toBe('\u001b[2J\u001b[1;1Hone\u001b[K\u001b[2;1Htwo\u001b[K');
});

test('Who has no room for more gets what is new later, as one', () => {
  const sink = terminal();
  using drawn = drawing(sink);
  drawn.draw(['one'], null);
  sink.taken();
  sink.writableNeedDrain = true;
  for (let number = 0; number < 100; number++) drawn.draw([`${number}`], null);
  expect(sink.taken()).toBe('');
  sink.writableNeedDrain = false;
  drawn.draw(['100'], null);
  expect(sink.taken()).toBe('\u001b[1;1H100\u001b[K');
});

test.each([
  { lines: ['a', 'b', 'c'], notice: null, shown: ['a', 'b', 'c'] },
  { lines: ['a', 'b', 'c', 'd'], notice: null, shown: ['a', 'b', '… 2 more, wh…'] },
  { lines: ['a', 'b', 'c'], notice: 'lost', shown: ['a', '… 2 more, wh…', 'lost'] },
  { lines: ['a', 'b'], notice: 'lost', shown: ['a', 'b', 'lost'] },
  { lines: ['0123456789012345'], notice: null, shown: ['012345678901…'] },
  {
    lines: [`ab ${styleText('red', '0123456789012345', { validateStream: false })} c`],
    notice: null,
    shown: ['ab \u001b[31m012345678…\u001b[39m'],
  },
  { lines: ['舞台舞台舞台舞台'], notice: null, shown: ['舞台舞台舞台…'] },
])('Of $lines and $notice a terminal of 14×3 shows $shown', ({ lines, notice, shown }) =>
  expect(fittedLines(lines, notice, { columns: 14, rows: 3 })).toEqual(shown),
);
