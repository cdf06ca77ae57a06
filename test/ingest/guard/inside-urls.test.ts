import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { expect, test } from 'vitest';
import { InsideUrls } from '../../../src/ingest/guard/inside-urls.ts';
import { growth, linearGrowth } from '../../helpers/growth.ts';

const base = 'https://cdn.example/live/';

test.each([
  ['http://a.example/x?y=1', 'http://a.example/x?y=1'],
  ['https://a.example/x?y=1', 'http://a.example:443/x?y=1'],
  ['HTTPS://A.example:8443/x', 'http://a.example:8443/x'],
  ['https://[2606:4700::1]/x', 'http://[2606:4700::1]:443/x'],
  ['//b.example/x', 'http://b.example:443/x'],
  ['seg.ts', 'http://cdn.example:443/live/seg.ts'],
  ['../seg.ts', 'http://cdn.example:443/seg.ts'],
  ['rtmp://a.example/x', null],
  ['file:///etc/passwd', null],
  ['tcp://10.0.0.1:22', null],
  ['http://', null],
])('InsideUrls makes of %s: %s', (address, expected) => {
  expect(new InsideUrls().inside(address, base)).toBe(expected);
});

test('InsideUrls remembers which hosts and ports are behind TLS', () => {
  const urls = new InsideUrls();
  urls.inside('https://a.example/x');
  urls.inside('https://a.example:80/x');
  urls.inside('https://[::1]:8443/x');
  const secure = (authority: string) => urls.destination(authority)?.tls;
  expect(urls.destination('a.example:443')).toEqual({ host: 'a.example', port: 443, tls: true });
  expect(urls.destination('A.EXAMPLE')).toEqual({ host: 'a.example', port: 80, tls: true });
  expect(urls.destination('[::1]:8443')).toEqual({ host: '::1', port: 8443, tls: true });
  expect(secure('a.example:8443')).toBe(false);
  expect(secure('b.example:443')).toBe(false);
  expect(urls.destination('a b')).toBeNull();
  expect(urls.destination('')).toBeNull();
});

test('InsideUrls rewrites the https addresses of a playlist and the endings of its segments, and nothing else', () => {
  const urls = new InsideUrls();
  const text = [
    '#EXTM3U',
    '#EXT-X-KEY:METHOD=AES-128,URI="https://keys.example/k?u=https://x.example/",IV=0x1',
    '#EXTINF:2,https://title.example/',
    'https://cdn.example:8443/1.ts?back=https://x.example/',
    'http://cdn.example/2.ts',
    '3.ts?back=https://x.example/',
    'httpproxy://10.0.0.1/x',
  ];
  const expected = [
    '#EXTM3U',
    '#EXT-X-KEY:METHOD=AES-128,URI="http://keys.example:443/k?u=https://x.example/",IV=0x1',
    '#EXTINF:2,https://title.example/',
    'http://cdn.example:8443/1.ts?back=https://x.example/#.ts',
    'http://cdn.example/2.ts#.ts',
    '3.ts?back=https://x.example/#.ts',
    'httpproxy://10.0.0.1/x#.ts',
  ];
  for (const end of ['\n', '\r\n']) expect(urls.playlist(text.join(end))).toBe(expected.join(end));
  expect(urls.destination('keys.example:443')?.tls).toBe(true);
  expect(urls.destination('x.example:443')?.tls).toBe(false);
});

test.each([
  ['what is no full address', () => 'https:a'],
  ['segments', (line: number) => `#EXTINF:2,\nseg${line}  `],
  ['few servers', (line: number) => `https://cdn${line % 8}.example/${line}.ts`],
])('InsideUrls reads a playlist of %s in linear time', (_, line) => {
  const grown = growth(100_000, (lines) => {
    const playlist = Array.from({ length: lines }, (_, index) => line(index)).join('\n');
    return () => void new InsideUrls().playlist(playlist);
  });
  expect(grown).toBeLessThan(linearGrowth);
});

test.each([
  ['seg0', 'seg0#.ts'],
  ['seg0.jpg\r', 'seg0.jpg#.ts\r'],
  ['a/seg.php?name=0.css', 'a/seg.php?name=0.css#.ts'],
  ['seg.ts#part', 'seg.ts#part'],
  ['#EXT-X-MAP:BYTERANGE="9@0",URI="init"', '#EXT-X-MAP:BYTERANGE="9@0",URI="init#.mp4"'],
])('InsideUrls gives %j of a list an ending that ffmpeg takes, which no server sees', (line, expected) => {
  const list = (text: string) => `#EXTM3U\n#EXT-X-TARGETDURATION:2\n#EXTINF:2,\n${text}\n#EXT-X-ENDLIST\n`;
  expect(new InsideUrls().playlist(list(line))).toBe(list(expected));
});

test('InsideUrls leaves the lists that a list names as they are', () => {
  const text = '#EXTM3U\n#EXT-X-STREAM-INF:BANDWIDTH=1\nlow\n';
  expect(new InsideUrls().playlist(text)).toBe(text);
});

test('InsideUrls takes no playlist of more servers than anybody has', () => {
  const text = Array.from({ length: 10_001 }, (_, index) => `https://h${index}.example/1.ts`).join('\n');
  expect(() => new InsideUrls().playlist(text)).toThrow('a playlist of more than 10000 servers is not taken');
});

/** Bytes of all that is held, once what is not has been given back. */
function heldBytes(): number {
  setFlagsFromString('--expose-gc');
  runInNewContext('gc')();
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}

test.each([
  [
    'playlists that each name one server more',
    (index: number) => `#${'x'.repeat(1e6)}\nhttps://h${index}.example/1.ts`,
  ],
  [
    'playlists that each name one of a megabyte',
    (index: number) => `https://${index}${'x'.repeat(1e6)}.example/1.ts`,
  ],
])('InsideUrls holds nothing of %s', (_, playlist) => {
  const urls = new InsideUrls();
  const beforeBytes = heldBytes();
  for (let index = 0; index < 100; index++) urls.playlist(Buffer.from(playlist(index)).toString());
  expect(heldBytes() - beforeBytes).toBeLessThan(40e6);
  expect(urls.inside('https://h.example/')).toBe('http://h.example:443/');
});

test('InsideUrls holds nothing of the addresses that servers lead to', () => {
  const urls = new InsideUrls();
  const beforeBytes = heldBytes();
  for (let index = 0; index < 9000; index++) urls.inside(`https://h${index}.example/${'x'.repeat(10_000)}`);
  expect(heldBytes() - beforeBytes).toBeLessThan(40e6);
  expect(urls.destination('h1.example:443')?.tls).toBe(true);
});
