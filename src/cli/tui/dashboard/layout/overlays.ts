import { type Binding, keyMap, keyWords, places, type Where } from '../key-map.ts';
import { beside, ends, inRows, type Line, outside, span } from '../line.ts';
import { least, type Over, type State } from '../state.ts';

/** A column of the help says something from here on, in columns. */
const leastHelp = 30;

/** The keys that mean something here, the nearest first, in two columns where they have place. */
export function helpScreen(state: State, here: readonly Where[], top: number, rows: number): Line[] {
  const blocks = here
    .toReversed()
    .map((where): Line[] => [
      [span(places[where], 'strong')],
      ...keyMap
        .filter((binding) => binding.where === where && !(binding.changes && state.readOnly))
        .map(
          ({ keys, words }): Line => [
            span(` ${keys.map(keyWords).join(' ').padEnd(11)}`, 'accent'),
            span(` ${words}`),
          ],
        ),
      [],
    ]);
  const left = blocks.slice(0, -1).flat();
  const columns = Math.floor((state.size.columns - 1) / 2);
  const both =
    left.length === 0 || columns < leastHelp
      ? blocks.flat()
      : beside([
          { lines: left, columns },
          { lines: blocks.at(-1) ?? [], columns },
        ]);
  const first = Math.min(top, Math.max(0, both.length - rows));
  return both.slice(first, first + rows);
}

/** What a command has said, whole: a line that is too long goes on below. */
export function outputScreen({ said, top }: Extract<Over, { is: 'output' }>, rows: number): Line[] {
  const first = Math.min(top, Math.max(0, said.rows.length - rows));
  return said.rows.slice(first, first + rows).map((line) => [span(line)]);
}

/** What may stand at the cursor, right above it. */
export function candidateLines(over: Extract<Over, { is: 'types' }>, columns: number, rows: number): Line[] {
  const most = Math.min(8, rows);
  const { candidates } = over;
  const shown = candidates.slice(0, candidates.length > most ? most - 1 : most);
  const width = Math.min(Math.floor(columns / 2), Math.max(0, ...shown.map(({ word }) => word.length)));
  const more: Line[] =
    shown.length < candidates.length
      ? [[span(`  … and ${candidates.length - shown.length} more`, 'dim')]]
      : [];
  return [
    ...shown.map(
      ({ word, meaning }): Line => [
        span('  '),
        outside(word.padEnd(width), 'accent'),
        span('  '),
        outside(meaning, 'dim'),
      ],
    ),
    ...more,
  ];
}

/** The last line of the screen: what the keys do that are wanted most. */
export function keyLine(state: State, here: readonly Where[]): Line {
  const { over } = state;
  if (over.is === 'asks')
    return hints([
      ['y', 'yes'],
      ['any other key', 'no'],
    ]);
  if (over.is === 'says')
    return hints([
      ['Enter', 'show it'],
      ['Esc', 'away'],
    ]);
  if (over.is === 'types')
    return over.what === 'filter'
      ? hints([
          ['Enter', 'keep'],
          ['Esc', 'end the filter'],
        ])
      : hints([
          ['Tab', 'complete'],
          ['Enter', 'run'],
          ['↑', 'those before'],
          ['Esc', 'away'],
        ]);
  if (over.is === 'output')
    return hints(
      over.status === null
        ? [
            ['Ctrl-C', 'end it'],
            ['Esc', 'end it, and back'],
          ]
        : [
            ['↑ ↓', 'scroll'],
            ['Esc', 'back'],
          ],
    );
  if (over.is === 'help')
    return hints([
      ['↑ ↓', 'scroll'],
      ['Esc', 'back'],
    ]);
  if (over.is === 'still')
    return hints([
      ['p', 'another one'],
      ['Esc', 'back'],
    ]);
  const shown = keyMap.filter(
    ({ short, where, changes }) =>
      short !== undefined && here.includes(where) && !(changes && state.readOnly),
  );
  const pairs = (some: typeof shown) =>
    hints(some.map(({ keys, short = '' }): [string, string] => [keyWords(keys[0] ?? ''), short]));
  const isAlways = ({ does }: Binding) => does === 'help' || does === 'quit';
  return ends(
    pairs(shown.filter((one) => !isAlways(one))),
    [span(' '), ...pairs(shown.filter(isAlways))],
    state.size.columns,
  );
}

/** What is drawn where nothing can be; of the keys only those work that lead out. */
export function tooSmall({ columns, rows }: State['size']): Line[] {
  const words = [
    `This terminal has ${columns}x${rows};`,
    `the dashboard needs ${least.columns}x${least.rows}.`,
    'q leaves.',
  ];
  return inRows(
    words.map((text) => [span(text)]),
    rows,
  ) as Line[];
}

function hints(pairs: readonly (readonly [string, string])[]): Line {
  return pairs.flatMap(([key, words]) => [span(key, 'accent'), span(` ${words}  `, 'dim')]);
}
