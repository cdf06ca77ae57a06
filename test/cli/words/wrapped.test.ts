import { stripVTControlCharacters } from 'node:util';
import { describe, expect, it } from 'vitest';
import { fittedLines } from '../../../src/cli/program/drawing.ts';
import { asciiOf } from '../../../src/cli/tui/dashboard/ascii.ts';
import { ends, fitted, fittedRight, lineWidth, span } from '../../../src/cli/tui/dashboard/line.ts';
import { outputRows } from '../../../src/cli/tui/dashboard/output-rows.ts';
import { fitted as fittedCells } from '../../../src/cli/words/fitted-table.ts';
import { printable } from '../../../src/cli/words/format.ts';
import { cutToWidth, textWidth } from '../../../src/cli/words/text-width.ts';
import { wrapped } from '../../../src/cli/words/wrapped.ts';
import { pseudoRandom } from '../../helpers/pseudo-random.ts';

const print = 'sha256:'.concat('AB:'.repeat(31), 'CD');

describe('wrapped', () => {
  it.each([
    ['a b', 3, ['a b']],
    ['the slate is on air: cam1', 12, ['the slate is', '    on air:', '    cam1']],
    ['  so  it  goes', 10, ['  so  it', '   goes']],
    ['ab abcdefghij kl', 6, ['ab', '  abcd', 'efghij', '  kl']],
    ['      x', 3, [' x']],
    ['日本 日', 1, ['日', '本', '日']],
    ['\u001b[33mabc\u001b[39m de', 4, ['\u001b[33mabc\u001b[39m', ' de']],
    ['       ', 3, [' ']],
  ])('of %j in %i columns is %j', (line, columns, rows) => expect(wrapped(line, columns)).toEqual(rows));

  it('leaves a word whole that has no place in a row, where it is to be copied', () => {
    expect(wrapped(`control  192.0.2.4:9443, ${print}`, 79, 'whole')).toEqual([
      'control  192.0.2.4:9443,',
      `    ${print}`,
    ]);
  });
});

/** What makes folding hard, in words and between them. */
const words = [
  'a',
  'rtmp://',
  'lobby',
  '日本語',
  'e\u0301\u0302',
  '👩‍🚀',
  '🇩🇪',
  'שלום',
  'مرحبا',
  '\u0301',
  '\t',
  'ｶﾞ',
  '…',
  '●',
];
const blanks = ['', '', ' ', ' ', '  ', '     '];
const colours = ['', '', '', '\u001b[33m', '\u001b[39m', '\u001b[1;31m'];

/** Texts with the columns that they are to have, the same on each run. */
const hard = Array.from({ length: 400 }, (_, seed) => {
  const random = pseudoRandom(seed);
  const one = (of: readonly string[]) => of[random(of.length)] ?? '';
  const long = random(4) === 0 ? 60 : 3;
  const word = () => one(colours) + one(words).repeat(1 + random(random(3) === 0 ? long : 3)) + one(colours);
  const text = Array.from({ length: random(12) }, () => word() + one(blanks)).join('');
  return { text: ' '.repeat(random(2) * random(50)) + text, columns: 1 + random(120) };
});
const lettersOf = (text: string) => [...new Intl.Segmenter().segment(stripVTControlCharacters(text).trim())];
const unblanked = (text: string) => text.replaceAll(' ', '');

describe('A text, whatever it is and however narrow the screen,', () => {
  it.each([
    { name: 'wrapped', rowsOf: wrapped, meant: (text: string) => text },
    {
      name: 'outputRows',
      rowsOf: (text: string, columns: number) => outputRows([text], columns),
      meant: printable,
    },
  ])(
    'is all there in the rows of $name, none too wide or empty, further words further in',
    ({ rowsOf, meant }) => {
      for (const { text: said, columns } of hard) {
        const [text, rows] = [meant(said), rowsOf(said, columns)];
        const about = JSON.stringify({ text, columns, rows });
        expect(unblanked(rows.join('')), about).toBe(unblanked(text));
        const tooWide = rows.filter((row) => textWidth(row) > columns && lettersOf(row).length > 1);
        expect(tooWide, about).toEqual([]);
        if (text.trim() === '') continue;
        expect(
          rows.filter((row) => /^ *$/.test(row)),
          about,
        ).toEqual([]);
        const further = Math.min(/^ */.exec(text)![0].length + 4, Math.floor(columns / 3));
        // What goes on in a word begins at the left: the row before has no place for its letter.
        for (const [at, row] of rows.entries()) {
          if (at === 0 || row.startsWith(' '.repeat(further))) continue;
          expect(textWidth(`${rows[at - 1]}${lettersOf(row)[0]?.segment}`), about).toBeGreaterThan(columns);
          expect(text, about).toContain(`${rows[at - 1]!.trim().split(' ').at(-1)}${row.split(' ')[0]}`);
        }
      }
    },
  );

  it('has each of its words whole where long ones are left so, and no other row is too wide', () => {
    for (const { text, columns } of hard) {
      const rows = wrapped(text, columns, 'whole');
      const about = JSON.stringify({ text, columns, rows });
      expect(rows.join(' ').split(' ').filter(Boolean), about).toEqual(text.split(' ').filter(Boolean));
      expect(
        rows.filter((row) => textWidth(row) > columns && row.trim().includes(' ')),
        about,
      ).toEqual([]);
    }
  });

  it('is cut to no more than its columns, which it has where it is filled up', () => {
    for (const { text, columns } of hard) {
      const about = JSON.stringify({ text, columns });
      expect(textWidth(cutToWidth(text, columns)), about).toBeLessThanOrEqual(columns);
      expect(
        fittedLines([text], text, { columns: columns + 1, rows: 24 }).every(
          (line) => textWidth(line) <= columns,
        ),
        about,
      ).toBe(true);
      expect(
        textWidth(fittedCells([{ heading: '', least: 1 }], [[text]], columns)[0]![0]!),
        about,
      ).toBeLessThanOrEqual(columns);
      const spans = [span(printable(text)), span(printable(text), 'bad')];
      expect(
        [fitted(spans, columns), fittedRight(spans, columns), ends(spans, spans, columns)].map(lineWidth),
        about,
      ).toEqual([columns, columns, columns]);
      expect(textWidth(asciiOf(printable(text))), about).toBe(textWidth(printable(text)));
    }
  });
});
