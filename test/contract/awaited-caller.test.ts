import { expect, test } from 'vitest';
import { awaitedCaller } from '../../src/contract/url-protocols.ts';

test.each([
  ['srt://:9000?mode=listener', 'waits for a caller on port 9000 by SRT'],
  ['SRT://[::]:9000?passphrase=a%26mode&mode=listener&latency=1', 'waits for a caller on port 9000 by SRT'],
  ['srt://host:9000?streamid=x?mode=listeners', null],
  ['srt://host:9000?streamid=mode=listener', null],
  ['srt://host:9000', null],
  ['udp://0.0.0.0:9000?mode=listener', null],
])('%s waits for somebody to call: %s', (url, words) => {
  expect(awaitedCaller({ kind: 'url', url, live: null, loop: false, audioTrack: null })).toBe(words);
});
