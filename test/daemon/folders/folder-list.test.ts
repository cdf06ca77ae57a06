import { describe, expect, test } from 'vitest';
import { type FileSight, FolderList, restsMs } from '../../../src/daemon/folders/folder-list.ts';
import { isMediaName } from '../../../src/daemon/folders/media-names.ts';

const wallMs = Date.UTC(2026, 0, 1);
const file = (stamp: string, ageMs = 0): FileSight => ({ stamp, writtenMs: wallMs - ageMs });

/** What looks at these moments come to, in words: `+` added, `-` removed, `=` replaced. */
function seen(
  list: FolderList,
  looks: readonly { atMs: number; files: Readonly<Record<string, FileSight | null>>; names?: string[] }[],
): string[] {
  return looks.map(({ atMs, files, names = Object.keys(files).filter((name) => files[name]) }, number) => {
    list.toLookAt(names, false);
    const sight = { names, files: new Map(Object.entries(files)), wallMs };
    const { added, removed, replaced } = list.see(sight, atMs, number === 0);
    return [
      ...[...added.keys()].map((name) => `+${name}`),
      ...removed.map((name) => `-${name}`),
      ...[...replaced.keys()].map((name) => `=${name}`),
    ].join(' ');
  });
}

describe('the files of a folder', () => {
  test.each([
    {
      name: 'what was written long ago is there at once, at first only',
      looks: [
        { atMs: 0, files: { a: file('1', restsMs), b: file('1', restsMs - 1) } },
        { atMs: 1000, files: { a: file('1'), b: file('1'), c: file('1', restsMs * 9) } },
        { atMs: restsMs, files: { b: file('1'), c: file('1') }, names: ['a', 'b', 'c'] },
        { atMs: restsMs + 1000, files: { c: file('1') }, names: ['a', 'b', 'c'] },
      ],
      expected: ['+a', '', '+b', '+c'],
    },
    {
      name: 'one that grows is left out until it does not',
      looks: [
        { atMs: 0, files: { a: file('1') } },
        { atMs: 4000, files: { a: file('2') } },
        { atMs: 8000, files: { a: file('3') } },
        { atMs: 12_999, files: { a: file('3') } },
        { atMs: 13_000, files: { a: file('3') } },
      ],
      expected: ['', '', '', '', '+a'],
    },
    {
      name: 'one that is written anew stays as it was until it rests',
      looks: [
        { atMs: 0, files: { a: file('1', restsMs) } },
        { atMs: 1000, files: { a: file('2') } },
        { atMs: 2000, files: { a: file('3') } },
        { atMs: 2000 + restsMs, files: { a: file('3') } },
      ],
      expected: ['+a', '', '', '=a'],
    },
    {
      name: 'one that is written and put back as it was',
      looks: [
        { atMs: 0, files: { a: file('1', restsMs) } },
        { atMs: 1000, files: { a: file('2') } },
        { atMs: 2000, files: { a: file('1') } },
        { atMs: 9000, files: { a: file('1') } },
      ],
      expected: ['+a', '', '', ''],
    },
    {
      name: 'one that goes, is no file any more, or goes before it rested',
      looks: [
        { atMs: 0, files: { a: file('1', restsMs), b: file('1', restsMs), c: file('1') } },
        { atMs: 1000, files: { b: null }, names: ['b'] },
        { atMs: 9000, files: { c: file('1') } },
        { atMs: 9000 + restsMs, files: { c: file('1') } },
      ],
      expected: ['+a +b', '-a -b', '', '+c'],
    },
  ])('$name', ({ looks, expected }) => {
    expect(seen(new FolderList(new Map(), 10), looks)).toEqual(expected);
  });

  test('are taken as far as they are not too many, and others in the place of those that go', () => {
    const list = new FolderList(new Map(), 2);
    const files = { a: file('1', restsMs), b: file('1', restsMs), c: file('1', restsMs) };
    expect(seen(list, [{ atMs: 0, files }])).toEqual(['+a +b']);
    expect(list.leftOut).toBe(1);
    expect(list.toLookAt(['b', 'c'], false)).toEqual(['c']);
    expect(list.see({ names: ['b', 'c'], files: new Map([['c', file('1')]]), wallMs }, 0, true)).toEqual({
      ...{ added: new Map(), removed: ['a'], replaced: new Map() },
    });
  });

  test('that are taken are looked at where something was heard of them, and a few at a time now and then', () => {
    const names = Array.from({ length: 250 }, (_, number) => String(number));
    const list = new FolderList(new Map(names.map((name) => [name, '1'])), 1000);
    expect(list.toLookAt(null, false)).toEqual([]);
    list.heard('7');
    expect(list.toLookAt(null, false)).toEqual(['7']);
    // That look came to nothing.
    expect(list.toLookAt(null, false)).toEqual(['7']);
    list.see({ names: null, files: new Map([['7', file('1')]]), wallMs }, 0, false);
    const rounds = [1, 2, 3].flatMap(() => list.toLookAt(null, true));
    expect(rounds.length).toBe(250);
    expect(new Set(rounds)).toEqual(new Set(names));
  });

  test('heard of while they are looked at are looked at again', () => {
    const list = new FolderList(new Map([['a', '1']]), 10);
    list.heard('a');
    list.toLookAt(null, false);
    list.heard('a');
    list.see({ names: null, files: new Map([['a', file('1')]]), wallMs }, 0, false);
    expect(list.toLookAt(null, false)).toEqual(['a']);
  });
});

test.each([
  ...['talk.mp4', 'TALK.MP4', 'a.b.mkv', 'latin\udce9.mp4', 'song.flac', 'slide.png'].map((name) => ({
    ...{ name, is: true },
  })),
  ...['.talk.mp4', 'notes.txt', 'mp4', '.mp4', 'talk.mp4.part', 'talk.mp4~', 'list.m3u8'].map((name) => ({
    ...{ name, is: false },
  })),
])('$name is media by its name: $is', ({ name, is }) => {
  expect(isMediaName(name)).toBe(is);
});

test('what is left out since there are too many is not looked at again and again', () => {
  const list = new FolderList(new Map([['a', '1']]), 1);
  const look = (atMs: number) =>
    list.see({ names: ['a', 'b'], files: new Map([['b', file('1')]]), wallMs }, atMs, false);
  look(0);
  expect(list.isSettling).toBe(true);
  look(restsMs);
  expect(list.leftOut).toBe(1);
  expect(list.isSettling).toBe(false);
  expect(list.toLookAt(null, false)).toEqual([]);
  list.see({ names: null, files: new Map([['a', file('1')]]), wallMs }, restsMs * 2, false);
  expect(list.leftOut).toBe(1);
  list.see({ names: ['a'], files: new Map(), wallMs }, restsMs * 3, false);
  expect(list.leftOut).toBe(0);
});
