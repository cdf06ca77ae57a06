import { describe, expect, test } from 'vitest';
import { playlistEntrySource, type Source, source as sourceSchema } from '../../src/contract/models.ts';
import {
  nextWords,
  noFileWords,
  publicSource,
  sourceTitle,
  sourceWords,
  withoutSecrets,
  withoutSecretsIn,
} from '../../src/contract/source-words.ts';

test.each([
  ['http://a.example/x.mp4', 'http://a.example/x.mp4'],
  ['http://me:secret@a.example/x', 'http://a.example/x'],
  ['http://me:se@cret@a.example/x', 'http://a.example/x'],
  ['rtsp://me@cam/1', 'rtsp://cam/1'],
  ['http://a.example/x?token=secret', 'http://a.example/x'],
  ['srt://h:9000?passphrase=secret&streamid=#!::r=secret', 'srt://h:9000'],
  ['srt://h:9000?streamid=me@secret', 'srt://h:9000'],
  ['http://a.example/@x', 'http://a.example/@x'],
  ['rtsp://me:se/cret@cam/1', 'rtsp://…'],
  ['rtsp://me:sec?ret@cam/1', 'rtsp://…'],
  ['rtsp://[::1]:554/1', 'rtsp://[::1]:554/1'],
  ['web+cam://me:secret@a.example/x', 'web+cam://a.example/x'],
  ['rtmp://a.example/app/KEY', 'rtmp://a.example/app/…'],
  ['RTMPS://a.example:443//app/instance/KEY/?token=secret', 'RTMPS://a.example:443//app/instance/…'],
  ['rtmp://a.example/app', 'rtmp://a.example/app'],
  ['http://a.example/lobby/mlk_abcdefghijklmnopqrstuvwxyz234567', 'http://a.example/lobby/mlk_…'],
])('withoutSecrets makes of %s: %s', (url, expected) => {
  expect(withoutSecrets(url)).toBe(expected);
});

test('withoutSecretsIn leaves the sentence around an address as it is', () => {
  const said = 'no rtmp://a.example/app/KEY, nor (http://me:secret@a.example/x?token=secret); try cam';
  expect(withoutSecretsIn(said)).toBe('no rtmp://a.example/app/…, nor (http://a.example/x); try cam');
});

describe('publicSource', () => {
  const url = 'http://me:secret@a.example/x?token=secret';
  const read = (value: unknown): Source => sourceSchema.parse(value);

  test('keeps what is in an address to itself, in a playlist too', () => {
    const playlist = {
      kind: 'playlist',
      items: [{ source: { kind: 'url', url } }, { source: { kind: 'file', path: '/a.mp4' } }],
    };
    for (const value of [{ kind: 'url', url }, playlist]) {
      const shown = JSON.stringify(publicSource(read(value)));
      expect(shown).toContain('http://a.example/x"');
      expect(shown).not.toContain('secret');
    }
    expect(sourceWords(read({ kind: 'url', url }))).toBe('http://a.example/x');
  });

  test('leaves all else as it is', () => {
    const file = read({ kind: 'file', path: '/me:secret@x?y.mp4' });
    expect(publicSource(file)).toEqual(file);
  });
});

test.each([
  { source: { kind: 'file', path: '/srv/secret/talk.mp4' }, title: 'talk.mp4' },
  { source: { kind: 'publisher', key: 'cam1' }, title: 'cam1' },
  { source: { kind: 'url', url: 'rtsp://me:secret@secret/secret?secret' }, title: 'lobby' },
  { source: { kind: 'device', video: '/dev/secret' }, title: 'lobby' },
  { source: { kind: 'card', title: 'Back soon' }, title: 'Back soon' },
  { source: { kind: 'card', title: 'Next: {next}' }, title: 'lobby' },
  { source: { kind: 'window', window: 'Secret - Mail' }, title: 'lobby' },
  {
    source: { kind: 'playlist', items: [{ source: { kind: 'url', url: 'http://secret/' } }] },
    title: 'lobby',
  },
])('the title of an unnamed $source.kind is $title', ({ source, title }) => {
  expect(sourceTitle(sourceSchema.parse(source), 'lobby')).toBe(title);
});

test.each([
  ['/srv/talk.mp4', 'there is no file /srv/talk.mp4'],
  [
    '/srv/t\ufffdlk.mp4',
    'expected a file whose name is UTF-8, got /srv/t\ufffdlk.mp4; rename it, give a link to it, or name it in a list: ls *.mp4 > list.m3u',
  ],
])('%s that is not there is told so', (path, expected) => {
  expect(noFileWords(path)).toBe(expected);
});

describe('nextWords', () => {
  const cases: [source: object, title: string | null, expected: string | null][] = [
    [{ kind: 'file', path: '/srv/talk.one.mp4' }, null, 'talk.one'],
    [{ kind: 'file', path: '/srv/talk' }, null, 'talk'],
    [{ kind: 'file', path: '/srv/.mp4' }, null, '.mp4'],
    [{ kind: 'file', path: '/srv/a.mp4' }, 'The talk.', 'The talk.'],
    [{ kind: 'publisher', key: 'stage' }, null, 'stage'],
    [{ kind: 'card', title: 'Break\nNext: {next}' }, null, 'Break'],
    [{ kind: 'card', title: '{next}' }, null, null],
    [{ kind: 'url', url: 'rtsp://camera/1' }, null, null],
    [{ kind: 'url', url: 'rtsp://camera/1' }, 'The hall', 'The hall'],
    [{ kind: 'slate' }, null, null],
    [{ kind: 'test' }, null, null],
  ];
  test.each(cases)('of %o with the title %s', (source, title, expected) => {
    expect(nextWords({ title, source: playlistEntrySource.parse(source) })).toBe(expected);
  });
});
