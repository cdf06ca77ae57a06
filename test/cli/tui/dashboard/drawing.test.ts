import { describe, expect, it } from 'vitest';
import { commandOf } from '../../../../src/cli/tui/dashboard/act.ts';
import { asciiOf } from '../../../../src/cli/tui/dashboard/ascii.ts';
import { answered, withoutAnswers } from '../../../../src/cli/tui/dashboard/ask-terminal.ts';
import { meter, sparkline } from '../../../../src/cli/tui/dashboard/bars.ts';
import { bindingOf, keyMap, type Where } from '../../../../src/cli/tui/dashboard/key-map.ts';
import { fitted, lineWidth, span } from '../../../../src/cli/tui/dashboard/line.ts';
import { outputRows } from '../../../../src/cli/tui/dashboard/output-rows.ts';
import { repainted } from '../../../../src/cli/tui/dashboard/paint.ts';
import { currentWord, promptOf, shellWords, typed } from '../../../../src/cli/tui/dashboard/prompt.ts';
import { blocks } from '../../../../src/cli/tui/dashboard/still/blocks.ts';
import { kitty, sixel } from '../../../../src/cli/tui/dashboard/still/escapes.ts';
import { scaled, sizeWithin } from '../../../../src/cli/tui/dashboard/still/pixels.ts';
import { pictureKindOf, themeOf } from '../../../../src/cli/tui/dashboard/terminal-kind.ts';
import { written } from '../../../../src/cli/tui/dashboard/theme.ts';
import { programmeState } from '../../samples.ts';

describe('Lines', () => {
  it.each([
    ['talk.mp4', 8, 'talk.mp4'],
    ['talk.mp4', 5, 'talk…'],
    ['talk.mp4', 10, 'talk.mp4  '],
    ['日本語', 5, '日本…'],
    ['日本語', 4, '日… '],
    ['', 2, '  '],
    ['abc', 0, ''],
  ])('fit: %j in %i columns', (text, columns, expected) => {
    const line = fitted([span(text)], columns);
    expect(line.map((piece) => piece.text).join('')).toBe(expected);
    expect(lineWidth(line)).toBe(columns);
  });

  it('keep what is written from right to left to itself, and to ASCII where there is no more', () => {
    const line = [span('שלום.mp4'), span(' x')];
    const theme = { colours: 'none', ground: 'unknown', unicode: true } as const;
    expect(written(line, theme)).toBe('\u2068שלום.mp4\u2069 x');
    expect(written(line, { ...theme, unicode: false })).toBe('????.mp4 x');
    expect(asciiOf('● 日… █░ ▸')).toBe('* ??~ #. >');
  });

  it('have the colours that the terminal has', () => {
    const bad = [span('x', 'bad')];
    expect(written(bad, themeOf({ LANG: 'C.UTF-8' }, false))).toBe('\u001b[1mx\u001b[0m');
    expect(written(bad, themeOf({ LANG: 'C.UTF-8' }, true))).toBe('\u001b[1;31mx\u001b[0m');
    const light = themeOf({ LANG: 'C.UTF-8', COLORTERM: 'truecolor', COLORFGBG: '0;15' }, true);
    expect(written(bad, light)).toBe('\u001b[1;38;2;197;34;31mx\u001b[0m');
  });
});

describe('What a command says', () => {
  it.each([
    ['short', ['short']],
    ['the slate is on air: cam1', ['the slate is', '    on air:', '    cam1']],
    ['https://a.example/x', ['https://a.ex', 'ample/x']],
    ['日本語日本語日本', ['日本語日本語', '日本']],
    ['a\u001b[2Jb', ['a\\e[2Jb']],
    ['', ['']],
  ])('is seen whole on a narrow screen: %j', (line, rows) => {
    expect(outputRows([line], 12)).toEqual(rows);
  });
});

describe('A screen', () => {
  it('is made of the one before by the rows that differ, each whole, with the cursor in the corner at the end', () => {
    const [begin, end] = ['\u001b[?2026h', '\u001b[H\u001b[?2026l'];
    expect(repainted([], ['a  ', 'b'])).toBe(`${begin}\u001b[1H\u001b[Ka\u001b[2H\u001b[Kb${end}`);
    expect(repainted(['a', 'b', 'c'], ['a', 'x', 'c'])).toBe(`${begin}\u001b[2H\u001b[Kx${end}`);
    expect(repainted(['a', 'b'], ['a', ''])).toBe(`${begin}\u001b[2H\u001b[K${end}`);
    expect(repainted(['a', 'b'], ['a', 'b'])).toBe('');
  });
});

describe('Bars', () => {
  it('show how a number went, the newest last', () => {
    expect(sparkline([0, 1, 4, 8], 6)).toBe('   ▁▄█');
    expect(sparkline([1, 2, 3], 2)).toBe('▆█');
    expect(sparkline([], 3)).toBe('   ');
  });

  it.each([
    [-60, '          '],
    [-30, 'ggggg     '],
    [-8, 'ggggggggw '],
    [0, 'ggggggggwb'],
  ])('show a level of %i dB', (db, expected) => {
    const cells = meter(db, 10).map(({ text, tint }) =>
      (tint === 'dim' ? ' ' : tint.charAt(0)).repeat(text.length),
    );
    expect(cells.join('')).toBe(expected);
  });
});

describe('A prompt', () => {
  const keys = (text: string, ...names: string[]) =>
    names.reduce(
      (prompt, name) => typed(prompt, { name, text: name.length === 1 ? name : '' }) ?? prompt,
      promptOf(text),
    );

  it.each([
    { from: 'ab', keys: ['left', 'x'], to: 'axb', at: 2 },
    { from: 'a👍🏽', keys: ['backspace'], to: 'a', at: 1 },
    { from: 'a👍🏽', keys: ['home', 'right', 'delete'], to: 'a', at: 1 },
    { from: 'one two', keys: ['ctrl+w'], to: 'one ', at: 4 },
    { from: 'one two', keys: ['ctrl+u'], to: '', at: 0 },
    { from: 'one two', keys: ['home', 'ctrl+k'], to: '', at: 0 },
    { from: '', keys: ['backspace', 'delete', 'left'], to: '', at: 0 },
  ])('edits $from by $keys', ({ from, keys: names, to, at }) => {
    expect(keys(from, ...names)).toEqual({ text: to, at });
  });

  it('has the words that a shell would have', () => {
    expect(shellWords(`take 'a b' "c d" e\\ f  g''`)).toEqual(['take', 'a b', 'c d', 'e f', 'g']);
    expect(shellWords(`take "`)).toBeNull();
    expect(currentWord('take a\\ b')).toBe('a\\ b');
    expect(currentWord('take ')).toBe('');
  });
});

describe('Keys', () => {
  const wheres: Where[][] = [['lists'], ['lists', 'rooms', 'aired'], ['lists', 'room', 'aired']];

  it('mean one thing each, wherever one is', () => {
    for (const here of wheres) {
      const keys = keyMap.filter(({ where }) => here.includes(where)).flatMap((binding) => binding.keys);
      expect(new Set(keys).size).toBe(keys.length);
    }
  });

  it('do nothing to a room where there is none', () => {
    expect(bindingOf('x', ['lists'])).toBeUndefined();
  });

  it.each([
    ['pause', { type: 'pause' }, { type: 'resume' }],
    ['mute', { type: 'mute', on: true }, { type: 'mute', on: false }],
    ['slate', { type: 'slate', on: true }, { type: 'slate', on: false }],
    ['louder', { type: 'volume', percent: 110 }, { type: 'volume', percent: 100 }],
    ['seekBack', { type: 'seekBy', offsetMs: -30_000 }, { type: 'seek', positionMs: 42_000 }],
    ['next', { type: 'next' }, { type: 'previous' }],
    ['release', { type: 'release' }, null],
  ] as const)('can be taken back: %s', (deed, command, undo) => {
    expect(commandOf(deed, 'lobby', programmeState, 42_000)).toMatchObject({ command, undo });
  });
});

describe('A picture', () => {
  const rgb = new Uint8Array([255, 0, 0, 0, 255, 0, 0, 0, 255, 255, 255, 255]);
  const four = { width: 2, height: 2, rgb };
  const colours = { colours: 'true', ground: 'dark', unicode: true } as const;

  it('is made smaller by means', () => {
    expect([...scaled(four, 1, 1).rgb]).toEqual([128, 128, 128]);
    expect(sizeWithin({ width: 1920, height: 1080, rgb }, { width: 80, height: 40 })).toEqual({
      width: 71,
      height: 40,
    });
  });

  it('is drawn with half blocks, else by its brightness', () => {
    expect(blocks(four, 2, 1, colours)).toEqual([
      [
        { text: '▀', tint: 'rgb', colours: [0xff0000, 0x0000ff] },
        { text: '▀', tint: 'rgb', colours: [0x00ff00, 0xffffff] },
      ],
    ]);
    expect(blocks(four, 2, 1, { ...colours, unicode: false })[0]?.[0]?.text).toMatch(/^.{2}$/);
  });

  it('goes to kitty in pieces, and as sixels with its size and colours', () => {
    const large = { width: 64, height: 64, rgb: new Uint8Array(64 * 64 * 3) };
    const pieces = kitty(large, 8, 4).split('\u001b\\').slice(0, -1);
    expect(pieces[0]).toContain('\u001b_Ga=T,f=24,s=64,v=64,c=8,r=4,q=2,m=1;');
    expect(pieces.at(-1)).toContain('\u001b_Gm=0;');
    expect(Math.max(...pieces.map(({ length }) => length))).toBeLessThan(4200);
    expect(sixel(four)).toMatch(/P0;1q"1;1;2;2#0;2;0;0;0#1;2;0;0;20.*#180[@A]\?/);
  });
});

describe('A terminal', () => {
  it.each([
    [{ TERM: 'xterm-kitty' }, 'kitty'],
    [{ TERM: 'xterm-256color', TERM_PROGRAM: 'iTerm.app' }, 'iterm'],
    [{ TERM: 'foot' }, 'sixel'],
    [{ TERM: 'xterm-kitty', TMUX: '/tmp/x' }, 'blocks'],
    [{ TERM: 'xterm-256color' }, null],
  ])('shows pictures by what its environment says: %j', (variables, kind) => {
    expect(pictureKindOf(variables)).toBe(kind);
  });

  it('says of itself what it can', () => {
    const said = '\u001b]11;rgb:ffff/ffff/dddd\u001b\\\u001b[?62;4;22c';
    expect(answered(said)).toEqual({ ground: 'light', pictures: 'sixel' });
    expect(answered('\u001b]11;rgb:00/00/20\u0007\u001b_Gi=1;OK\u001b\\\u001b[?62c')).toEqual({
      ...{ ground: 'dark', pictures: 'kitty' },
    });
    expect(answered('')).toEqual({ ground: 'unknown', pictures: 'blocks' });
    expect(withoutAnswers(`j${said}k`)).toBe('jk');
  });
});
