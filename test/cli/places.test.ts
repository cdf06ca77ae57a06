import { describe, expect, test } from 'vitest';
import { hostPlace } from '../../src/cli/places/find-place.ts';
import { fingerprintWords, parseFingerprint } from '../../src/cli/places/fingerprint.ts';
import { parseHost, placeName } from '../../src/cli/places/place.ts';
import type { Environment, PlaceFlags } from '../../src/cli/program/environment.ts';
import { pathFrom, sourceFrom } from '../../src/cli/sources/said-from.ts';

describe('parseHost', () => {
  test.each([
    ['live.example.org', { host: 'live.example.org', port: 9443 }],
    ['live.example.org:1', { host: 'live.example.org', port: 1 }],
    ['192.0.2.7:9000', { host: '192.0.2.7', port: 9000 }],
    ['[2001:db8::1]:9000', { host: '2001:db8::1', port: 9000 }],
    ['2001:db8::1', { host: '2001:db8::1', port: 9443 }],
    ['https://live.example.org', null],
    ['live.example.org:0', null],
    ['live.example.org:70000', null],
    ['a b', null],
    ['', null],
  ])('%j', (text, expected) => {
    expect(parseHost(text)).toEqual(expected);
  });

  test('a place is named as it is written', () => {
    expect(placeName({ kind: 'host', host: '::1', port: 9, token: null, fingerprint: null })).toBe('[::1]:9');
  });
});

describe('parseFingerprint', () => {
  const digits = 'AB'.repeat(32);
  test.each([
    [fingerprintWords(digits), digits],
    [digits.toLowerCase(), digits],
    [`sha256 Fingerprint=${'AB:'.repeat(31)}AB`, digits],
    ['SHA256:AB', null],
    ['', null],
  ])('%j', (text, expected) => {
    expect(parseFingerprint(text)).toBe(expected);
  });
});

describe('paths for a daemon', () => {
  const here = { folder: '/home/anna', machine: 'this' } as const;
  const there = { folder: '/home/anna', machine: 'another' } as const;
  const refused = expect.objectContaining({
    code: 'USAGE',
    message: expect.stringMatching(
      /^expected an absolute path, since files are those of the daemon's machine, got /,
    ),
  });

  test('of this machine begin in the folder', () => {
    expect(pathFrom(here, 'talk.mp4')).toBe('/home/anna/talk.mp4');
    expect(sourceFrom(here, 'folder:loops')).toEqual({ kind: 'folder', path: '/home/anna/loops' });
  });

  test.each(['talk.mp4', './cam1', '../talk.mp4', 'folder:loops'])(
    'of another are absolute: %s is refused',
    (words) => {
      expect(() => pathFrom(there, words)).toThrow(refused);
      expect(() => sourceFrom(there, words)).toThrow(refused);
    },
  );

  test.each(['/srv/talk.mp4', 'folder:/srv', 'file:///srv/talk.mp4', 'cam1', 'test', 'rtsp://camera/1'])(
    'of another are taken: %s',
    (words) => {
      expect(sourceFrom(there, words)).toEqual(sourceFrom(here, words));
    },
  );
});

test.each([
  { of: 'a context', named: { token: 'mlt_own' }, token: 'mlt_own' },
  { of: '--host', named: {}, token: 'mlt_other' },
])('with $of, the token is $token where MIROLIVE_TOKEN is set', ({ named, token }) => {
  const environment = { variables: { MIROLIVE_TOKEN: 'mlt_other' }, cwd: '/' } as unknown as Environment;
  const place = hostPlace({ host: 'studio', ...named }, {} as PlaceFlags, environment, () => {});
  expect(place.token).toBe(token);
});
