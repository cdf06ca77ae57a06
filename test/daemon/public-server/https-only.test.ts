import { expect, test } from 'vitest';
import { isUsualPort, secureOrigin } from '../../../src/daemon/public-server/https-only.ts';

test.each([
  { host: 'live.example.org:8080', expected: 'https://live.example.org:8443' },
  { host: 'live.example.org', expected: 'https://live.example.org:8443' },
  { host: '192.0.2.7:8080', expected: 'https://192.0.2.7:8443' },
  { host: '[2001:db8::7]:8080', expected: 'https://[2001:db8::7]:8443' },
  { host: 'live.example.org', port: 443, expected: 'https://live.example.org' },
  { host: 'live.example.org', publicUrl: 'https://tv.example.org/', expected: 'https://tv.example.org' },
  { host: 'live.example.org', publicUrl: 'http://tv.example.org', expected: 'https://live.example.org:8443' },
  { host: 'evil.example/@live.example.org', expected: null },
  { host: 'user@evil.example', expected: null },
  { host: 'a b', expected: null },
  { host: 'live.example.org:99999', expected: null },
  { host: '', expected: null },
])('who came to $host is sent to $expected', ({ host, port = 8443, publicUrl = null, expected }) => {
  expect(secureOrigin(host, publicUrl, port)).toBe(expected);
});

test.each([
  { host: 'live.example.org', expected: true },
  { host: 'live.example.org:443', expected: true },
  { host: '[2001:db8::7]', expected: true },
  { host: 'live.example.org:8443', expected: false },
  { host: '[2001:db8::7]:8443', expected: false },
  { host: '', expected: false },
  { host: 'a b', expected: false },
])('$host has the usual port of HTTPS: $expected', ({ host, expected }) => {
  expect(isUsualPort(host)).toBe(expected);
});
