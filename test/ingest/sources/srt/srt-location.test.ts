import { expect, test } from 'vitest';
import { srtLocation } from '../../../../src/ingest/sources/srt/srt-location.ts';
import { readAddress } from '../../../../src/ingest/sources/url/address.ts';

test.each([
  [
    'srt://h:9000?passphrase=pass%20word%2F1&streamid=%23!::r=live/secret&mode=caller',
    'srt://192.0.2.1:9000?passphrase=pass+word/1&streamid=#!::r=live/secret&mode=caller&timeout=10000000',
  ],
  ['srt://h:9000?streamid=read:feed', 'srt://192.0.2.1:9000?streamid=read:feed&timeout=10000000'],
  [
    'srt://h:9000?streamid=#!::r=a,m=request&latency=200000',
    'srt://192.0.2.1:9000?streamid=#!::r=a,m=request&latency=200000&timeout=10000000',
  ],
  ['srt://h:9000?passphrase=100%25%41safe!', 'srt://192.0.2.1:9000?passphrase=100%Asafe!&timeout=10000000'],
  ['srt://h:9000', 'srt://192.0.2.1:9000?timeout=10000000'],
])('%s is asked for in the words of libavformat', (typed, location) => {
  expect(srtLocation(readAddress(typed), '192.0.2.1')).toBe(location);
});

test.each([
  ['streamid=a%26b', 'expected a streamid without & and [+], which ffmpeg cannot pass on by SRT'],
  ['passphrase=abcdefghi+j', 'expected a passphrase without & and [+], which ffmpeg cannot pass on by SRT'],
  ['mode=rendezvous', 'expected of a srt address only mode, .*; got an unusual value for mode'],
  ['linger=1', 'expected of a srt address only mode, .*; got linger'],
])('%s is refused before anybody is called', (query, message) => {
  expect(() => srtLocation(readAddress(`srt://h:9000?${query}`), '192.0.2.1')).toThrow(new RegExp(message));
});
