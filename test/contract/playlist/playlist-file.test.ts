import { mkdtemp, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parsePlaylist } from '../../../src/contract/playlist/playlist-file.ts';
import { loadPlaylist } from '../../../src/files/load-playlist.ts';

const file = (path: string) => ({ kind: 'file', path, loop: false, audioTrack: null });
const url = (address: string) => ({ kind: 'url', url: address, live: null, loop: false, audioTrack: null });
const whole = { title: null, fromMs: 0, toMs: null, forMs: null };

/** Items without their ids, which are different each time. */
function itemsOf(text: string, name: string) {
  return parsePlaylist(text, name).items.map(({ id, ...item }) => {
    expect(id).toMatch(/^i-[a-z2-7]{10}$/);
    return item;
  });
}

describe('a playlist in YAML', () => {
  it.each([
    ['lines', `items:\n${'  - a\n'.repeat(300_000)}`],
    ['items on one line', `items: [${'a,'.repeat(300_000)}]`],
    ['wrong items', `items:\n${'  - {q}\n'.repeat(300_000)}`],
  ])('is refused for its %s before it is read as YAML', (_, text) => {
    expect(() => parsePlaylist(text, '/srv/lists/big.yaml')).toThrow(
      '/srv/lists/big.yaml: expected at most 150000 lines, items and keys',
    );
  });

  it('tells of a hundred things that are wrong, not of each', () => {
    const text = `items:\n${'  - {q}\n'.repeat(5000)}`;
    let told = '';
    try {
      parsePlaylist(text, '/srv/lists/wrong.yaml');
    } catch (error) {
      told = (error as Error).message;
    }
    expect(told.split('\n')).toHaveLength(100);
  });

  it('has folders, and what is on air while nothing of it can be', () => {
    const text = 'filler: soon.mp4\nitems:\n  - folder: media\n  - folder:/srv/films\n';
    expect(parsePlaylist(text, '/srv/lists/folders.yaml')).toMatchObject({
      filler: { kind: 'file', path: '/srv/lists/soon.mp4' },
      items: [
        { source: { kind: 'folder', path: '/srv/lists/media' } },
        { source: { kind: 'folder', path: '/srv/films' } },
      ],
    });
    expect(() => parsePlaylist('items: [{ folder: media, for: 5m }]', '/srv/a.yaml')).toThrow(
      'expected none for a folder, whose files play to their ends',
    );
  });

  it('has items in a word or with more to say, and how they are played', () => {
    const text = [
      'loop: true',
      'items:',
      '  - opening.mp4',
      '  - source: test:clock',
      '    for: 10s',
      '  - file: slate',
      '    title: A file of that name',
      '    from: 1:30',
      '    to: 1:02:03',
      '    audioMap: 0+1',
      '  - url: https://example.org/a.mp4',
      '  - publisher: cam1',
      '    for: 30m',
      '  - { source: slate, for: 5m }',
      '  - { card: { title: Break, text: "Next: {next}" }, for: 2m, title: The break }',
      '  - card:Goodbye',
    ].join('\n');
    expect(parsePlaylist(text, '/srv/lists/event.yaml')).toMatchObject({
      kind: 'playlist',
      loop: true,
      shuffle: false,
    });
    expect(itemsOf(text, '/srv/lists/event.yaml')).toEqual([
      { ...whole, source: file('/srv/lists/opening.mp4') },
      { ...whole, source: { kind: 'test', pattern: 'clock', label: '' }, forMs: 10_000 },
      {
        source: { ...file('/srv/lists/slate'), audioMap: '0+1' },
        title: 'A file of that name',
        ...{ fromMs: 90_000, toMs: 3_723_000, forMs: null },
      },
      { ...whole, source: url('https://example.org/a.mp4') },
      { ...whole, source: { kind: 'publisher', key: 'cam1' }, forMs: 1_800_000 },
      { ...whole, source: { kind: 'slate' }, forMs: 300_000 },
      {
        ...{ ...whole, forMs: 120_000, title: 'The break' },
        source: { kind: 'card', title: 'Break', text: 'Next: {next}' },
      },
      { ...whole, source: { kind: 'card', title: 'Goodbye', text: '' } },
    ]);
  });

  it('may end with what has no end', () => {
    expect(itemsOf('items: [a.mp4, slate]', '/srv/a.yaml').at(-1)).toEqual({
      ...whole,
      source: { kind: 'slate' },
    });
  });

  const wrong: { name: string; text: string; expected: string }[] = [
    {
      name: 'an empty file',
      text: '',
      expected: 'p.yaml:1:1: the file: expected keys with values, got nothing',
    },
    { name: 'no items', text: 'loop: true\n', expected: 'p.yaml:1:1: items: expected a list, got nothing' },
    {
      name: 'an empty list',
      text: 'items: []\n',
      expected: 'p.yaml:1:8: items: expected something that is not empty, got a list',
    },
    {
      name: 'an unknown key',
      text: 'items: [a.mp4]\nlop: true\n',
      expected: 'p.yaml:2:1: unknown key lop; did you mean loop?',
    },
    {
      name: 'an unknown key of an item',
      text: 'items:\n  - a.mp4\n  - file: b.mp4\n    frm: 1:30\n',
      expected: 'p.yaml:4:5: unknown key items.1.frm; did you mean from?',
    },
    {
      name: 'a key of the whole file at an item',
      text: 'items:\n  - { folder: talks, shuffle: true }\n',
      expected:
        'p.yaml:2:22: unknown key items.0.shuffle; shuffle is a key of the whole file, without an indent',
    },
    {
      name: 'an item without a source',
      text: 'items:\n  - title: Break\n',
      expected:
        'p.yaml:2:5: items.0.source: expected one of source, file, url, publisher, folder, card for each item, got nothing',
    },
    {
      name: 'an item with two sources',
      text: 'items:\n  - file: a.mp4\n    url: https://example.org/\n',
      expected:
        'p.yaml:3:10: items.0.url: expected one of source, file, url, publisher, folder, card for each item, got "https://example.org/"',
    },
    {
      name: 'a number for a time',
      text: 'items:\n  - { file: a.mp4, from: 90 }\n',
      expected: 'p.yaml:2:26: items.0.from: expected a time such as 12:30, 1:02:03 or 90s, got 90',
    },
    {
      name: 'a word for a time',
      text: 'items:\n  - { file: a.mp4, for: long }\n',
      expected: 'p.yaml:2:25: items.0.for: expected a time such as 12:30, 1:02:03 or 90s, got "long"',
    },
    {
      name: 'an end before the beginning',
      text: 'items:\n  - { file: a.mp4, from: 2:00, to: 1:30 }\n',
      expected: 'p.yaml:2:36: items.0.to: expected a place behind from, got "1:30"',
    },
    {
      name: 'no time at all',
      text: 'items:\n  - { file: a.mp4, for: 0s }\n',
      expected: 'p.yaml:2:25: items.0.for: expected more than 0s, got "0s"',
    },
    {
      name: 'a part of what has no places',
      text: 'items:\n  - { source: slate, from: 3s, for: 5m }\n  - { publisher: cam1, to: 1:00 }\n',
      expected: [
        'p.yaml:2:28: items.0.from: expected a file or an address to choose a part of, since slate has no places, got "3s"',
        'p.yaml:3:28: items.1.to: expected a file or an address to choose a part of, since publisher has no places, got "1:00"',
      ].join('\n'),
    },
    {
      name: 'an address that no source takes, in a word and by its key',
      text: 'items:\n  - ftp://a.example/b.mp4\n  - { url: a.example }\n',
      expected: [
        'p.yaml:2:5: items.0.source: expected one of http, https, rtsp, rtsps, srt, udp, rtmp, rtmps, got "ftp://a.example/b.mp4"',
        'p.yaml:3:12: items.1.url: expected one of http, https, rtsp, rtsps, srt, udp, rtmp, rtmps, got "a.example"',
      ].join('\n'),
    },
    {
      name: 'a card without words, with too many, or with what no card has',
      text: [
        'items:',
        "  - { card: { title: ' ' } }",
        `  - { card: { title: a, text: ${'b'.repeat(501)} } }`,
        '  - { card: { text: a } }',
        '  - { card: { title: a }, from: 3s, audioTrack: 1 }',
        '  - { card: { title: a, size: 3 }, file: a.mp4 }',
        '',
      ].join('\n'),
      expected: [
        'p.yaml:2:22: items.0.card.title: expected words, got " "',
        'p.yaml:3:31: items.1.card.text: expected at most 500 characters, got 501 characters',
        'p.yaml:4:13: items.2.card.title: expected text, got nothing',
        'p.yaml:5:33: items.3.from: expected a file or an address to choose a part of, since card has no places, got "3s"',
        'p.yaml:5:49: items.3.audioTrack: expected a file or an address to choose a track of, got 1',
        'p.yaml:6:13: items.4.card: expected one of source, file, url, publisher, folder, card for each item, got keys with values',
        'p.yaml:6:25: unknown key items.4.card.size; known here: title, text',
      ].join('\n'),
    },
    {
      name: 'what has no end, beside other mistakes',
      text: 'items:\n  - { source: slate }\n  - { file: a.mp4, from: 90 }\n',
      expected: [
        'p.yaml:2:5: items.0.for: expected how long it plays, such as for: 5m, since slate has no end, got nothing',
        'p.yaml:3:26: items.1.from: expected a time such as 12:30, 1:02:03 or 90s, got 90',
      ].join('\n'),
    },
    {
      name: 'what has no end, before others',
      text: 'items:\n  - slate\n  - a.mp4\n',
      expected:
        'p.yaml:2:5: items.0.for: expected how long it plays, such as for: 5m, since slate has no end, got nothing',
    },
    {
      name: 'what has no end in a list that loops',
      text: 'loop: true\nitems: [test]\n',
      expected:
        'p.yaml:2:9: items.0.for: expected how long it plays, such as for: 5m, since test has no end, got nothing',
    },
    {
      name: 'a test picture that is not there',
      text: 'items: [test:brs]\n',
      expected:
        'p.yaml:1:9: items.0.source: expected one of bars, clock, motion, black behind test:; did you mean test:bars?, got "test:brs"',
    },
    {
      name: 'a publisher of no possible name',
      text: 'items:\n  - publisher: Cam 1\n',
      expected:
        'p.yaml:2:16: items.0.publisher: expected 1 to 32 of a-z, 0-9 and -, not starting with - (such as cam1), got "Cam 1"',
    },
    {
      name: 'headers for what is no address',
      text: 'items:\n  - { file: a.mp4, headers: { X-Y: s3cret } }\n',
      expected: 'p.yaml:2:29: items.0.headers: expected an address to send headers to, got keys with values',
    },
    {
      name: 'an audio track of what has none',
      text: 'items:\n  - { publisher: cam1, audioTrack: 1 }\n',
      expected: 'p.yaml:2:36: items.0.audioTrack: expected a file or an address to choose a track of, got 1',
    },
    {
      name: 'a list inside the list',
      text: 'items:\n  - [a.mp4]\n',
      expected: 'p.yaml:2:5: items.0: expected keys with values, got a list',
    },
    {
      name: 'a list for the file',
      text: '- a.mp4\n',
      expected: 'p.yaml:1:1: the file: expected keys with values, got a list',
    },
    {
      name: 'several problems, in the order of the file',
      text: 'items:\n  - { file: a.mp4, to: x }\nshufle: true\n',
      expected: [
        'p.yaml:2:24: items.0.to: expected a time such as 12:30, 1:02:03 or 90s, got "x"',
        'p.yaml:3:1: unknown key shufle; did you mean shuffle?',
      ].join('\n'),
    },
  ];
  it.each(wrong)('names $name', ({ text, expected }) => {
    expect(() => parsePlaylist(text, 'p.yaml')).toThrow(
      expect.objectContaining({
        code: 'INVALID_PLAYLIST',
        message: expected,
        hint: 'Mend the line that is named, then run: mirolive playlist check p.yaml',
      }),
    );
  });
});

describe('a playlist in M3U', () => {
  it('has a file or an address on each line, with titles', () => {
    const text = [
      '\ufeff#EXTM3U',
      '#EXTINF:123,The opening',
      'opening.mp4',
      '',
      '# a comment',
      '#EXTINF:-1 tvg-id="x" group="y",Artist - A title, with a comma',
      'https://example.org/a.mp4',
      'sub folder/b.mp4',
      'cam1',
      'file:///srv/c%20d.mp4',
    ].join('\r\n');
    expect(itemsOf(text, '/srv/list.m3u')).toEqual([
      { ...whole, source: file('/srv/opening.mp4'), title: 'The opening' },
      { ...whole, source: url('https://example.org/a.mp4'), title: 'Artist - A title, with a comma' },
      { ...whole, source: file('/srv/sub folder/b.mp4') },
      { ...whole, source: file('/srv/cam1') },
      { ...whole, source: file('/srv/c d.mp4') },
    ]);
  });

  it('is known by its first line too', () => {
    expect(itemsOf('#EXTM3U\na.mp4\n', '/srv/list.txt')).toEqual([{ ...whole, source: file('/srv/a.mp4') }]);
  });

  it('needs no first line where its name says it', () => {
    expect(itemsOf('a.mp4', '/srv/list.M3U8')).toEqual([{ ...whole, source: file('/srv/a.mp4') }]);
  });

  it('keeps 200 characters of a title', () => {
    const [item] = itemsOf(`#EXTINF:1,${'x'.repeat(300)}\na.mp4`, '/srv/a.m3u');
    expect(item?.title).toBe('x'.repeat(200));
  });

  const segments = '#EXTM3U\n#EXT-X-VERSION:3\n#EXT-X-TARGETDURATION:6\n#EXTINF:6,\nseg0.ts\n';
  const wrong: { name: string; text: string; message: string; hint: string }[] = [
    {
      name: 'segments of HLS',
      text: segments,
      message: 'l.m3u8:2:1: these are segments of one stream (HLS), not a list of files',
      hint: 'Play it by its address: mirolive stream --url ADDRESS',
    },
    {
      name: 'nothing',
      text: '#EXTM3U\n\n',
      message: 'l.m3u8:1:1: expected at least one file or address, got none',
      hint: 'Mend the line that is named, then run: mirolive playlist check l.m3u8',
    },
    {
      name: 'a file of another machine',
      text: 'a.mp4\nfile://host/b.mp4\n',
      message:
        'l.m3u8:2:1: expected an address of a file on this machine, such as file:///srv/talk.mp4, got "file://host/b.mp4"',
      hint: 'Mend the line that is named, then run: mirolive playlist check l.m3u8',
    },
  ];
  it.each(wrong)('names $name', ({ text, message, hint }) => {
    expect(() => parsePlaylist(text, 'l.m3u8')).toThrow(
      expect.objectContaining({ code: 'INVALID_PLAYLIST', message, hint }),
    );
  });

  it('names more items than a playlist may have', () => {
    expect(() => parsePlaylist('a.mp4\n'.repeat(10_001), 'l.m3u')).toThrow(
      expect.objectContaining({
        code: 'INVALID_PLAYLIST',
        message: 'l.m3u:10001:1: expected at most 10000 items',
      }),
    );
  });
});

describe('loadPlaylist', () => {
  it('reads the example', async () => {
    const path = new URL('../../../configs/examples/playlist.yaml', import.meta.url).pathname;
    const { items } = await loadPlaylist(path);
    expect(items.map(({ source }) => source.kind)).toEqual([
      'file',
      'slate',
      'card',
      'file',
      'publisher',
      'url',
    ]);
    expect(items[2]).toMatchObject({ forMs: 120_000, source: { title: 'Next: {next}' } });
    expect(items[3]).toMatchObject({ title: 'The talk of last year', fromMs: 90_000, toMs: 2_520_000 });
  });

  it('says which file is missing', async () => {
    await expect(loadPlaylist('/nowhere/p.yaml')).rejects.toMatchObject({
      code: 'INVALID_PLAYLIST',
      message: "cannot read the playlist: ENOENT: no such file or directory, open '/nowhere/p.yaml'",
      hint: 'Check that the file is there and may be read: ls -l /nowhere/p.yaml',
    });
  });

  it('says what a folder is played by', async () => {
    await expect(loadPlaylist('/usr')).rejects.toMatchObject({
      code: 'INVALID_PLAYLIST',
      message: 'expected a playlist file, got the folder /usr',
      hint: 'To play what is in it: mirolive stream --folder /usr --room ROOM',
    });
  });

  it('does not read what is far too large to be one', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'mirolive-playlist-'));
    const path = join(folder, 'talk.mp4');
    await writeFile(path, '# '.padEnd(5000));
    await truncate(path, 9 * 1024 * 1024);
    await expect(loadPlaylist(path)).rejects.toMatchObject({
      message: `${path}: expected at most 8 MiB, got 9437184 bytes`,
      hint: `Shorten or divide it, then run: mirolive playlist check ${path}`,
    });
    await rm(folder, { recursive: true });
  });
});
