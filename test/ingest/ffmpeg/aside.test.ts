import { expect, test } from 'vitest';
import { named } from '../../../src/ingest/ffmpeg/aside.ts';

test.each([
  {
    name: 'an address that goes through the guard',
    words: '[error] Error opening http://source.invalid/: Input/output error',
    called: { location: 'http://source.invalid/', path: 'https://cdn.example/a.m3u8' },
    expected: '[error] Error opening https://cdn.example/a.m3u8: Input/output error',
  },
  {
    name: 'an address behind a relay',
    words: 'rtsp://me:s3cret@127.0.0.1:40123/1?key=s3cret: Protocol not found',
    called: { location: '127.0.0.1:40123', path: 'camera.example:554' },
    expected: 'rtsp://camera.example:554/1: Protocol not found',
  },
  {
    name: 'a key that the server repeats',
    words: 'Server error: no such stream: app/s3cret',
    called: { location: '127.0.0.1:40123', path: 'cdn.example:1935', secrets: ['s3cret', 'app'] },
    expected: 'Server error: no such stream: app/…',
  },
  {
    name: 'a passphrase that is repeated percent-encoded, and cut off',
    words: 'no access with p%61ss%20w%C3%B6rd/1, nor with pass wör, nor by a pass',
    called: { location: 'srt://192.0.2.1:9000', path: 'srt://h:9000', secrets: ['pass wörd/1'] },
    expected: 'no access with …, nor with …, nor by a pass',
  },
  {
    name: 'a key that is percent-encoded itself, and is repeated as it is meant',
    words: 'no such stream: app/s3c/ret',
    called: { location: '127.0.0.1:40123', path: 'cdn.example:1935', secrets: ['s3c%2Fret'] },
    expected: 'no such stream: app/…',
  },
  {
    name: 'an open file',
    words: '/dev/fd/3: Invalid data',
    aside: { fd: 3, path: '/srv/talk.mp4', location: '/dev/fd/3' },
    expected: '/srv/talk.mp4: Invalid data',
  },
])('ffmpeg is heard to call $name as people do', ({ words, aside, called, expected }) => {
  expect(named(words, aside, called)).toBe(expected);
});
