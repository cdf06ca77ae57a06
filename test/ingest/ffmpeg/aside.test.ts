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
    name: 'an open file',
    words: '/dev/fd/3: Invalid data',
    aside: { fd: 3, path: '/srv/talk.mp4', location: '/dev/fd/3' },
    expected: '/srv/talk.mp4: Invalid data',
  },
])('ffmpeg is heard to call $name as people do', ({ words, aside, called, expected }) => {
  expect(named(words, aside, called)).toBe(expected);
});
