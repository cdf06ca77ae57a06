import { expect, test } from 'vitest';
import { decoderOf } from '../../../src/ingest/guard/content-coding.ts';

test.each(['constructor', '__proto__', 'toString', 'identity', '', undefined])(
  'nothing undoes the content coding %j',
  (coding) => {
    expect(decoderOf({ 'content-encoding': coding })).toBeUndefined();
  },
);

test.each(['gzip', 'X-GZIP', ' br ', 'deflate'])('something undoes the content coding %j', (coding) => {
  expect(decoderOf({ 'content-encoding': coding })).toBeDefined();
});
