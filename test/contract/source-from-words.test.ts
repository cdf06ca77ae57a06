import { describe, expect, test } from 'vitest';
import { playlistEntrySource } from '../../src/contract/models.ts';
import { isPlaylistName, sourceFromWords } from '../../src/contract/source-from-words.ts';

describe('sourceFromWords', () => {
  const cases: [words: string, expected: object][] = [
    ['talk.mp4', { kind: 'file', path: '/srv/talk.mp4' }],
    ['talks/one', { kind: 'file', path: '/srv/talks/one' }],
    ['../one.mp4', { kind: 'file', path: '/one.mp4' }],
    ['/media/one.mp4', { kind: 'file', path: '/media/one.mp4' }],
    ['./cam1', { kind: 'file', path: '/srv/cam1' }],
    ['My talk', { kind: 'file', path: '/srv/My talk' }],
    ['a:b.mp4', { kind: 'file', path: '/srv/a:b.mp4' }],
    ['file:///srv/a%20b.mp4', { kind: 'file', path: '/srv/a b.mp4' }],
    ['https://example.org/a.mp4?k=1', { kind: 'url', url: 'https://example.org/a.mp4?k=1' }],
    ['rtsp://camera/1', { kind: 'url', url: 'rtsp://camera/1' }],
    ['srt://host:9000', { kind: 'url', url: 'srt://host:9000' }],
    ['cam1', { kind: 'publisher', key: 'cam1' }],
    ['slate', { kind: 'slate' }],
    ['card:Back soon', { kind: 'card', title: 'Back soon' }],
    ['card', { kind: 'publisher', key: 'card' }],
    ['test', { kind: 'test', pattern: 'bars' }],
    ['test:clock', { kind: 'test', pattern: 'clock' }],
    ['screen', { kind: 'screen' }],
    ['screen::1.0', { kind: 'screen', display: ':1.0' }],
    ['window:My slides', { kind: 'window', window: 'My slides' }],
    ['folder:media', { kind: 'folder', path: '/srv/media' }],
    ['/dev/video2', { kind: 'device', video: '/dev/video2' }],
  ];
  test.each(cases)('%s', (words, expected) => {
    const source = sourceFromWords(words, '/srv');
    expect(source).toEqual(expected);
    expect(playlistEntrySource.parse(source)).toMatchObject(expected);
  });

  const refused: [words: string, message: string][] = [
    [
      '',
      'expected a file, an address, the name of a stream key, slate, card:TITLE, test, test:PATTERN, screen, window:TITLE, folder:PATH or /dev/videoN, got ""',
    ],
    [
      'test:clok',
      'expected one of bars, clock, motion, black behind test:, got "clok"; did you mean test:clock?',
    ],
    [
      'test:nothing-like-it',
      'expected one of bars, clock, motion, black behind test:, got "nothing-like-it"',
    ],
    [
      'file://host/a.mp4',
      'expected an address of a file on this machine, such as file:///srv/talk.mp4, got "file://host/a.mp4"',
    ],
  ];
  test.each(refused)('refuses %j', (words, message) => {
    expect(() => sourceFromWords(words, '/srv')).toThrow(expect.objectContaining({ code: 'USAGE', message }));
  });
});

test.each([
  ['evening.yaml', true],
  ['/srv/card:one/evening.M3U', true],
  ['card:See rules.m3u', false],
  ['window:evening.yaml', false],
  ['folder:/srv/old.m3u8', false],
  ['https://example.org/live.m3u8', false],
  ['talk.mp4', false],
])('%j names a playlist: %j', (word, expected) => {
  expect(isPlaylistName(word)).toBe(expected);
});
