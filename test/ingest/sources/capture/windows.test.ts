import { describe, expect, test } from 'vitest';
import { findWindow, readDisplay } from '../../../../src/ingest/sources/capture/windows.ts';

/** What xwininfo 1.1 writes, with a frame of a window manager around one of the windows. */
const tree = `
xwininfo: Window id: 0x50d (the root window) (has no name)

  Root window id: 0x50d (the root window) (has no name)
  Parent window id: 0x0 (none)
     4 children:
     0x3e00007 "Slides: "Day 1" - Impress": ("soffice" "libreoffice-impress")  1280x720+0+0  +0+0
        1 child:
        0x3e00008 (has no name): ()  1280x720+0+0  +0+0
     0x1400031 (has no name): ()  802x622+100+50  +100+50
        1 child:
        0x4200001 "Terminal": ("xterm" "XTerm")  800x600+1+21  +101+71
     0x200030 "clipboard": ("x" "X")  10x10+-100+-100  +-100+-100
     0x200031 " ": ("x" "X")  500x500+0+0  +0+0

  Absolute upper-left X:  0
  Width: 1920
  Height: 1080
  Depth: 24
`;
const slides = {
  display: ':0',
  id: '0x3e00007',
  title: 'Slides: "Day 1" - Impress',
  width: 1280,
  height: 720,
};
const terminal = { display: ':0', id: '0x4200001', title: 'Terminal', width: 800, height: 600 };

test('readDisplay finds what somebody would want to show', () => {
  expect(readDisplay(':0', tree)).toEqual({ width: 1920, height: 1080, windows: [slides, terminal] });
  expect(readDisplay(':0', '')).toEqual({ width: 0, height: 0, windows: [] });
});

test('readDisplay takes no more of a title, nor of all windows, than anybody would read', () => {
  const line = (title: string) => `     0x1 "${title}": ("a" "A")  64x64+0+0  +0+0\n`;
  const { windows } = readDisplay(':0', line('x'.repeat(100_000)) + line('y').repeat(1500));
  expect(windows).toHaveLength(1000);
  expect(windows[0]?.title).toBe('x'.repeat(500));
});

describe('findWindow', () => {
  const notes = { ...terminal, id: '0x5', title: 'Notes' };
  const windows = [slides, terminal, notes, { ...notes, id: '0x6', title: 'Notes of Day 1' }];

  test.each([
    ['Slides: "Day 1" - Impress', slides],
    ['impress', slides],
    ['TERM', terminal],
    ['Notes', notes],
  ])('finds %s', (wanted, expected) => {
    expect(findWindow(windows, wanted)).toBe(expected);
  });

  test.each([
    ['Terminla', 'there is no window called "Terminla"; did you mean "Terminal"?'],
    [
      'day 1',
      'several windows are called "day 1": "Slides: \\"Day 1\\" - Impress" (0x3e00007), "Notes of Day 1" (0x6)',
    ],
    [
      'Browser',
      'there is no window called "Browser"; there are: "Slides: \\"Day 1\\" - Impress" (0x3e00007), ' +
        '"Terminal" (0x4200001), "Notes" (0x5), "Notes of Day 1" (0x6)',
    ],
  ])('says what there is instead of %s', (wanted, message) => {
    expect(() => findWindow(windows, wanted)).toThrow(
      expect.objectContaining({
        code: 'SOURCE_NOT_FOUND',
        message,
        hint: 'List the windows, and name one by its id: mirolive devices',
      }),
    );
  });

  test('says that there is none', () => {
    expect(() => findWindow([], 'Slides')).toThrow('there is no window called "Slides"; there are: none');
  });
});
