import { expect, test } from 'vitest';
import { toldAside } from '../../../../src/ingest/sources/url/told-aside.ts';

test('an address and its options are told aside, and nothing of them in arguments', () => {
  const { parts, aside } = toldAside({
    location: "srt://h:9000?it's",
    protocols: ['srt'],
    formats: ['mpegts', 'flv'],
    options: ['-passphrase', "a 'b\\c\noption d e"],
  });
  expect(parts).toEqual([
    {
      options: [
        ...['-protocol_whitelist', 'pipe,srt', '-format_whitelist', 'concat,mpegts,flv'],
        ...['-analyzeduration', '2000000', '-f', 'concat', '-safe', '0'],
      ],
      location: 'pipe:3',
    },
  ]);
  expect(aside.split('\n')).toEqual([
    'ffconcat version 1.0',
    String.raw`file 'srt://h:9000?it'\''s'`,
    String.raw`option passphrase 'a '\''b\coption d e'`,
    "option analyzeduration '2000000'",
    "option protocol_whitelist 'srt'",
    "option format_whitelist 'mpegts,flv'",
    '',
  ]);
});
