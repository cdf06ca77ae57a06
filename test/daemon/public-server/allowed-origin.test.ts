import { expect, test } from 'vitest';
import { mayConnect } from '../../../src/daemon/public-server/allowed-origin.ts';

const host = 'live.example.org:8080';
test.each([
  { name: 'a program, which names none', origin: undefined, expected: true },
  { name: 'the page', origin: 'http://live.example.org:8080', expected: true },
  { name: 'the page behind TLS', origin: 'https://live.example.org:8080', expected: true },
  { name: 'the page in other letters', origin: 'HTTP://Live.Example.ORG:8080', expected: true },
  { name: 'the page by its public address', origin: 'https://tv.example.org', expected: true },
  { name: 'the public name by another scheme', origin: 'http://tv.example.org', expected: false },
  { name: 'another port', origin: 'http://live.example.org:9090', expected: false },
  { name: 'another name', origin: 'https://evil.example', expected: false },
  { name: 'a name that begins alike', origin: 'https://tv.example.org.evil.example', expected: false },
  { name: 'a page that hides', origin: 'null', expected: false },
  { name: 'nonsense', origin: '//', expected: false },
  { name: 'a page that is allowed', origin: 'https://portal.example.org', expected: true },
])('$name: $expected', ({ origin, expected }) => {
  const http = { publicUrl: 'https://tv.example.org/', allowedOrigins: ['https://portal.example.org:443'] };
  expect(mayConnect({ host, ...(origin !== undefined && { origin }) }, http)).toBe(expected);
});

test('a star allows every page, also one that hides', () => {
  const http = { publicUrl: null, allowedOrigins: ['*'] };
  for (const origin of ['https://evil.example', 'null'])
    expect(mayConnect({ host, origin }, http)).toBe(true);
});
