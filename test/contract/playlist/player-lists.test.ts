import { describe, expect, test } from 'vitest';
import { parsePlayerList, playerListOf } from '../../../src/contract/playlist/player-lists.ts';
import { growth, linearGrowth } from '../../helpers/growth.ts';

describe('PLS', () => {
  const entries = (lines: readonly string[], end = '\n') =>
    parsePlayerList('pls', ['[playlist]', ...lines, 'Version=2'].join(end), '/srv');

  test.each(['\n', '\r\n', '\r'])(
    'is read in the order of its numbers, with titles, at lines that end with %j',
    (end) => {
      const lines = [
        'File2=b.mp4',
        'Title1=One',
        'file1 = http://radio.example/a',
        'Length1=-1',
        'NumberOfEntries=2',
      ];
      expect(entries(lines, end)).toEqual([
        { source: { kind: 'url', url: 'http://radio.example/a' }, title: 'One' },
        { source: { kind: 'file', path: '/srv/b.mp4' }, title: null },
      ]);
    },
  );

  test('that names nothing is told', () => {
    expect(entries([])).toEqual({ line: 1, message: 'expected at least one file or address, got none' });
  });

  test('that names what cannot be played says its line', () => {
    expect(entries(['File1=a.mp4', 'File2=gopher://x/'])).toMatchObject({ line: 3 });
  });
});

describe('XSPF', () => {
  const list = (tracks: string) =>
    `<?xml version="1.0" encoding="UTF-8"?>\n<playlist xmlns="http://xspf.org/ns/0/" version="1">\n<trackList>\n${tracks}\n</trackList>\n</playlist>\n`;
  const entries = (tracks: string) => parsePlayerList('xspf', list(tracks), '/srv');

  test('as VLC has it is read: locations are addresses, titles are text', () => {
    const tracks = [
      '<track>\n<location>file:///srv/Caf%C3%A9%20%26%20Co.mp4</location>\n<title>Q&amp;A &#x2014; &lt;1&gt;</title>\n<extension><vlc:id>0</vlc:id></extension>\n</track>',
      '<track><location>my%20talk.mp4</location></track>',
      '<track><title>nowhere</title></track>',
      '<!-- <track><location>out.mp4</location></track> -->',
      '<track><location>https://cdn.example/a.m3u8?x=1&amp;y=2</location></track>',
    ];
    expect(entries(tracks.join('\n'))).toEqual([
      { source: { kind: 'file', path: '/srv/Café & Co.mp4' }, title: 'Q&A — <1>' },
      { source: { kind: 'file', path: '/srv/my talk.mp4' }, title: null },
      { source: { kind: 'url', url: 'https://cdn.example/a.m3u8?x=1&y=2' }, title: null },
    ]);
  });

  test('says the line of what is wrong', () => {
    const wrong =
      '<track>\n<location>a.mp4</location>\n</track>\n<track><location>gopher://x/</location></track>';
    expect(entries(wrong)).toMatchObject({ line: 7 });
  });

  test.each([
    ['tracks', '<track>'],
    ['comments', '<!--'],
    ['locations', '<track><location>'],
    ['entities', '<track><location>&amp;&#'],
  ])('is read in linear time, of %s that do not end', (_, part) => {
    const grown = growth(2000, (times) => {
      const text = list(part.repeat(times));
      return () => void parsePlayerList('xspf', text, '/srv');
    });
    expect(grown).toBeLessThan(linearGrowth);
  });
});

test.each([
  { file: 'a.PLS', text: '', kind: 'pls' },
  { file: 'list', text: '\ufeff[Playlist]\nFile1=a', kind: 'pls' },
  { file: 'a.xspf', text: '', kind: 'xspf' },
  { file: 'list', text: '<?xml version="1.0"?>\n<playlist version="1">', kind: 'xspf' },
  { file: 'list', text: '#EXTM3U', kind: 'm3u' },
  { file: 'list.yaml', text: 'items: [a.mp4]', kind: null },
])('A list is known by its name or how it begins: $file $text', ({ file, text, kind }) => {
  expect(playerListOf(text, file)).toBe(kind);
});
