import { expect, test } from 'vitest';
import { inHosts } from '../../../src/ingest/guard/look-up.ts';

const table = [
  '127.0.0.1\tlocalhost # this machine',
  '::1 localhost ip6-localhost',
  '# 192.0.2.9 camera',
  '192.0.2.7   Camera.example  camera',
  'nonsense camera',
  '',
].join('\n');

test.each([
  ['localhost', ['127.0.0.1', '::1']],
  ['camera', ['192.0.2.7']],
  ['CAMERA.EXAMPLE', ['192.0.2.7']],
  ['192.0.2.7', []],
  ['this', []],
])('inHosts finds %s at %j', (host, expected) => {
  expect(inHosts(table, host).map(({ address }) => address)).toEqual(expected);
});
