import { expect, test } from 'vitest';
import { textWithoutAddresses, withoutAddresses } from '../../src/contract/hidden-addresses.ts';

test.each([
  ['from 192.0.2.7 by page', 'from – by page'],
  ['192.0.2.7:5004 and [2001:db8::7]:5004', '–:5004 and [–]:5004'],
  ['2001:db8:0:1:2:3:4:5 left', '– left'],
  ['fe80::1%eth0, ::ffff:192.0.2.7.', '–, –.'],
  ['rtsp://10.0.0.4/cam1', 'rtsp://–/cam1'],
  ['listening on 127.0.0.1:8080, 0.0.0.0 and [::1]', 'listening on 127.0.0.1:8080, 0.0.0.0 and [::1]'],
  ['20:00:05, 1:02:03.5 and 4:05', '20:00:05, 1:02:03.5 and 4:05'],
  ['version 5.1.6-0 of 2026.01.31, 999.1.1.1', 'version 5.1.6-0 of 2026.01.31, 999.1.1.1'],
  ['std::string', 'std::string'],
])('textWithoutAddresses hides what tells where somebody is: %s', (text, expected) => {
  expect(textWithoutAddresses(text)).toBe(expected);
});

test('withoutAddresses hides them wherever they are, also one that is no address at all', () => {
  const value = {
    viewer: { id: 'v-1', address: 'somewhere' },
    list: ['at 192.0.2.7', 4, null],
    at: '20:00:05',
  };
  expect(withoutAddresses(value)).toEqual({
    ...{ viewer: { id: 'v-1', address: '–' }, list: ['at –', 4, null], at: '20:00:05' },
  });
});

test('withoutAddresses leaves the versions of a browser, and nothing else that is told by it', () => {
  const userAgent = 'Chrome/126.0.0.0 Safari/537.36 at 192.0.2.7';
  expect(withoutAddresses({ userAgent, text: 'udp/192.0.2.7' })).toEqual({
    ...{ userAgent: 'Chrome/126.0.0.0 Safari/537.36 at –', text: 'udp/–' },
  });
});
