import { expect, test } from 'vitest';
import { named } from '../../../../src/ingest/ffmpeg/aside.ts';
import type { Guard } from '../../../../src/ingest/guard/guard.ts';
import { readAddress } from '../../../../src/ingest/sources/url/address.ts';
import { srtInput } from '../../../../src/ingest/sources/url/datagram-input.ts';

const guard = { addresses: async () => [{ address: '192.0.2.1', family: 4 }] } as Partial<Guard> as Guard;

test.each([
  'srt://h:9000?passphrase=pass%20word%2F1&streamid=%23!::r=live/secret&mode=caller',
  'srt://0.0.0.0:9000?passphrase=pass%20word%2F1&streamid=%23!::r=live/secret&mode=listener',
])('what ffmpeg says of %s has none of its secrets', async (text) => {
  const { aside, called } = await srtInput(readAddress(text), guard);
  const words = [
    'option passphrase pass word/1',
    'pass%20word%2f1 refused',
    'no #!::r=live/secret of a caller or listener',
  ];
  expect(words.map((line) => named(line, aside, called))).toEqual([
    'option passphrase …',
    '… refused',
    'no … of a caller or listener',
  ]);
  expect(named(`${called?.location}: Input/output error`, aside, called)).toBe(
    `srt://${text.includes('//h') ? 'h' : '0.0.0.0'}:9000: Input/output error`,
  );
});

test.each([
  ['srt://h:9000?streamid=read:feed', false],
  ['srt://0.0.0.0:9000?mode=listener', true],
])('of %s the key frames are measured beforehand: %s', async (text, measurable) => {
  expect(await srtInput(readAddress(text), guard)).toMatchObject({ measurable });
});
