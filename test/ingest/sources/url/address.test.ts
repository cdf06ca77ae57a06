import { describe, expect, test } from 'vitest';
import type { Guard } from '../../../../src/ingest/guard/guard.ts';
import {
  authority,
  checkListening,
  queryOptions,
  readAddress,
} from '../../../../src/ingest/sources/url/address.ts';
import { rtmpInput, rtspInput } from '../../../../src/ingest/sources/url/relayed-input.ts';

describe('readAddress', () => {
  test.each([
    ['http://a.example/x?y=z', { protocol: 'http', host: 'a.example', port: 80, path: '/x', userInfo: '' }],
    ['HTTPS://A.example:8443', { protocol: 'https', host: 'a.example', port: 8443, path: '/' }],
    [
      'rtsp://me:p%40ss@cam/1',
      { protocol: 'rtsp', host: 'cam', port: 554, path: '/1', userInfo: 'me:p%40ss@' },
    ],
    ['rtsps://[fe80::1]/1', { protocol: 'rtsps', host: 'fe80::1', port: 322 }],
    ['rtmp://h/live/a', { protocol: 'rtmp', port: 1935, path: '/live/a' }],
    ['rtmps://h/live/a', { protocol: 'rtmps', port: 443 }],
    ['srt://h:9000?mode=caller', { protocol: 'srt', host: 'h', port: 9000 }],
    ['srt://:9000?mode=listener', { host: '0.0.0.0', port: 9000 }],
    ['udp://@:5000', { protocol: 'udp', host: '0.0.0.0', port: 5000 }],
    ['udp://@239.1.1.1:5000', { host: '239.1.1.1', port: 5000 }],
  ])('reads %s', (text, expected) => {
    expect(readAddress(text)).toMatchObject(expected);
  });

  test('keeps the stream id of SRT as it was typed', () => {
    const { query } = readAddress('srt://h:9000?streamid=#!::r=live/a,m=request&latency=200000');
    expect(Object.fromEntries(query)).toEqual({ streamid: '#!::r=live/a,m=request', latency: '200000' });
  });

  test('keeps a plus of a query', () => {
    expect(readAddress('srt://h:9000?streamid=a+b%2Bc').query.get('streamid')).toBe('a+b+c');
  });

  const example = (form: string) => `expected an address such as ${form}`;
  test.each([
    ['file:///etc/passwd', 'SOURCE_PROTOCOL', /, got file:\/\/$/],
    ['concat:a|b', 'SOURCE_PROTOCOL', /, got an address without a protocol$/],
    ['talk.mp4', 'SOURCE_PROTOCOL', /, got an address without a protocol$/],
    ['rtp://h:5000', 'SOURCE_PROTOCOL', /, got rtp:\/\/$/],
    ['httpproxy://h:5000/x', 'SOURCE_PROTOCOL', /^expected one of http, https, .*, got httpproxy:\/\/$/],
    ['http://', 'INVALID_REQUEST', example('http://HOST/PATH')],
    ['http://h:99999/', 'INVALID_REQUEST', example('http://HOST/PATH')],
    ['http://me:sec%zz@h/', 'INVALID_REQUEST', example('http://HOST/PATH')],
    ['srt://h', 'INVALID_REQUEST', example('srt://HOST:PORT/PATH')],
    ['srt://:9000', 'INVALID_REQUEST', 'expected of an srt address a host to call, or mode=listener'],
    ['SRT://@:9000?mode=caller', 'INVALID_REQUEST', 'a host to call, or mode=listener'],
    ['udp://', 'INVALID_REQUEST', example('udp://HOST:PORT/PATH')],
  ])('refuses %s', (text, code, message) => {
    expect(() => readAddress(text)).toThrow(message);
    expect(() => readAddress(text)).toThrow(expect.objectContaining({ code }));
  });
});

test('authority puts IPv6 addresses in brackets', () => {
  expect(authority({ host: '::1', port: 5 })).toBe('[::1]:5');
  expect(authority({ host: '1.1.1.1', port: 5 })).toBe('1.1.1.1:5');
});

test.each([
  ['udp://0.0.0.0:5000', true],
  ['udp://[::]:5000', true],
  ['udp://127.0.0.1:5000', true],
  ['udp://239.1.1.1:5000', true],
  ['udp://[ff02::1]:5000', true],
  ['udp://10.255.1.2:5000', false],
  ['udp://1.1.1.1:5000', false],
  ['udp://camera:5000', false],
  ['srt://0.0.0.0:9000', true],
  ['srt://239.1.1.1:9000', false],
])('checkListening of %s: %s', (text, allowed) => {
  const check = () => checkListening(readAddress(text), { groups: text.startsWith('udp') });
  if (allowed) check();
  else
    expect(check).toThrow(
      /^expected an IP address of this machine( or of a multicast group)? to listen on, got/,
    );
});

test.each([
  ['srt://h:1?latency=200', ['-latency', '200']],
  ['srt://h:1', []],
  ['srt://h:1?latency=2s', 'expected of a srt address only latency; got an unusual value for latency'],
  ['srt://h:1?srt_streamid=x', 'expected of a srt address only latency; got srt_streamid'],
  ['srt://h:1?constructor=x', 'expected of a srt address only latency; got constructor'],
])('queryOptions of %s', (text, expected) => {
  const read = () => queryOptions(readAddress(text), { latency: /^\d+$/ });
  if (typeof expected === 'string') expect(read).toThrow(expected);
  else expect(read()).toEqual(expected);
});

test.each(['rtmp://h', 'rtmps://h/', 'rtmp://h//?key=1'])(
  '%s is no address of RTMP: a path is missing',
  async (text) => {
    const guard = {} as Guard;
    const message = /^expected \/APP\/STREAM behind the host of rtmps?:\/\/…, got nothing$/;
    await expect(rtmpInput(readAddress(text), guard, null)).rejects.toThrow(message);
  },
);

test.each(['rtmp://h/s3cret', 'rtmps://h/s3cret/'])(
  '%s is no address of RTMP: of app and stream one is missing, and is not said again',
  async (text) => {
    const message = /^expected \/APP\/STREAM behind the host of rtmps?:\/\/…, got one of both$/;
    await expect(rtmpInput(readAddress(text), {} as Guard, null)).rejects.toThrow(message);
  },
);

test.each([
  ['rtsp://cam/x?real_stream&sig=a/b:c==', '/x?real_stream&sig=a/b:c=='],
  ['rtsp://cam/x?a+b=%2f~&&c', '/x?a+b=%2f~&&c'],
  ['rtmp://h/live/key?real_stream&sig=a/b:c==', '/live/key?real_stream&sig=a/b:c=='],
])('%s is asked for byte for byte', async (text, asked) => {
  const guard = { openRelay: async () => ({ port: 1, close: () => {} }) } as unknown as Guard;
  const open = text.startsWith('rtsp') ? rtspInput : rtmpInput;
  const { aside } = await open(readAddress(text), guard, null);
  expect(aside).toContain(`127.0.0.1:1${asked}'`);
});
