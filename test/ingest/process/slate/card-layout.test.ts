import { describe, expect, test } from 'vitest';
import { cardLayout } from '../../../../src/ingest/process/slate/card-layout.ts';

const size = { width: 1280, height: 720 };

describe('cardLayout', () => {
  const cases: { name: string; title: string; text: string; lines: [string, number][] }[] = [
    {
      name: 'short words are as large as they may be',
      title: 'lobby',
      text: 'Back soon',
      lines: [
        ['lobby', 90],
        ['Back soon', 36],
      ],
    },
    {
      name: 'a longer line is smaller',
      title: '',
      text: 'We begin at ten, after a break of half an hour',
      lines: [['We begin at ten, after a break of half an hour', 36]],
    },
    {
      name: 'a long text goes on in the next line',
      title: '',
      text: `${'word '.repeat(20)}end`,
      lines: [
        [`${'word '.repeat(15)}word`, 21],
        ['word word word word end', 21],
      ],
    },
    {
      name: 'a long word is broken',
      title: 'a'.repeat(50),
      text: '',
      lines: [
        ['a'.repeat(32), 54],
        ['a'.repeat(18), 54],
      ],
    },
    {
      name: 'what does not fit is cut',
      title: 'hall '.repeat(60),
      text: '',
      lines: [
        ['hall hall hall hall hall hall', 55],
        ['hall hall hall hall hall hall …', 55],
      ],
    },
    {
      name: 'line ends are kept, other control characters are spaces',
      title: '',
      text: ' a\n\n\u001b[1mb\u202e\tc\r\nd',
      lines: [
        ['a', 36],
        ['[1mb c', 36],
        ['d', 36],
      ],
    },
    {
      name: 'lines that do not fit are cut',
      title: 'a\nb\nc',
      text: '1\n2\n3\n4\n5\n6\n7',
      lines: [
        ['a', 90],
        ['b …', 90],
        ['1', 36],
        ['2', 36],
        ['3', 36],
        ['4', 36],
        ['5', 36],
        ['6 …', 36],
      ],
    },
    { name: 'nothing has no lines', title: ' ', text: '', lines: [] },
  ];
  test.each(cases)('$name', ({ title, text, lines }) => {
    expect(cardLayout(title, text, size).map((line) => [line.text, line.fontSize])).toEqual(lines);
  });

  test('puts the title above the middle and the text below it, each line under the one before', () => {
    const lines = cardLayout('hall '.repeat(10), 'word '.repeat(60), size);
    const baselines = lines.map(({ baseline }) => baseline);
    expect(baselines).toEqual(baselines.toSorted((a, b) => a - b));
    expect(lines.filter(({ role }) => role === 'title').every(({ baseline }) => baseline < 360)).toBe(true);
    expect(lines.filter(({ role }) => role === 'text').every(({ baseline }) => baseline > 360)).toBe(true);
    expect(Math.max(...baselines)).toBeLessThan(700);
  });
});
