import { expect, test } from 'vitest';
import { readAddress } from '../../../../src/ingest/sources/url/address.ts';
import { addressFailure } from '../../../../src/ingest/sources/url/failure.ts';

/** Words of ffmpeg 5.1. */
test.each([
  [
    'rtsp://cam/1',
    'method DESCRIBE failed: 401 Unauthorized',
    'cam:554 wants a user and a password, or others than these',
  ],
  ['rtsp://cam/1', 'method PLAY failed: 454 Session Not Found; x', 'cam:554 answered 454 Session Not Found'],
  ['rtsp://cam/1', 'timed out', 'cam:554 sent nothing'],
  [
    'rtmps://h/live/a',
    'Server error: Stream not found; Input/output error',
    'h:443 answered: Stream not found',
  ],
  ['rtmp://h/live/a', 'timed out', 'h:1935 sent nothing: nobody publishes there, or not by this name'],
  [
    'srt://h:9000',
    'REJECT reported from HS processing: Incorrect passphrase',
    'the passphrase is not that of h:9000',
  ],
  [
    'srt://h:9000',
    'Connection to srt://h:9000 failed: Input/output error',
    'there is no answer by SRT of h:9000, or the passphrase or the stream id is not right',
  ],
  ['srt://:9000?mode=listener', 'timed out', 'nobody called port 9000 by SRT'],
  [
    'srt://:9000?mode=listener',
    'Connection setup failure: unable to create/configure SRT socket; Address already in use',
    'another program, or another source of this daemon, listens on port 9000 already',
  ],
  ['udp://@:5000', 'Input/output error', 'nothing came to UDP port 5000'],
])('addressFailure knows of %s: %s', (address, words, message) => {
  expect(addressFailure(readAddress(address), words)).toMatchObject({ code: 'SOURCE_UNREACHABLE', message });
});

test('addressFailure says nothing of what it does not know', () => {
  for (const address of ['rtsp://h/a', 'rtmp://h/a', 'srt://h:1', 'udp://@:1', 'http://h/'])
    expect(addressFailure(readAddress(address), 'something else')).toBeNull();
});
