import fc from 'fast-check';
import { expect, test } from 'vitest';
import { scrubbed, scrubbedValue } from '../../src/contract/scrubbed.ts';

test.each([
  ['an address with a user', 'cannot open rtsp://ann:PLANTED@cam.lan/1', 'cannot open rtsp://cam.lan/1'],
  ['a query', 'GET https://cdn.example/a.mp4?sig=PLANTED failed', 'GET https://cdn.example/a.mp4 failed'],
  ['a stream key', 'with mlk_abcdefgh234567', 'with mlk_…'],
  ['a token', 'token mlt_abcdefgh234567', 'token mlt_…'],
  ['the secret of a webhook', 'whsec_UExBTlRFRA==', 'whsec_…'],
  ['a header', 'Authorization: Bearer PLANTED.x-y', 'Authorization: … …'],
  ['a value behind its name', 'passphrase=PLANTED&mode=caller', 'passphrase=…&mode=caller'],
  ['a JSON text', '{"password":"PLANTED","room":"lobby"}', '{"password":"…","room":"lobby"}'],
  ['a private key', 'x -----BEGIN PRIVATE KEY-----\nPLANTED\n-----END PRIVATE KEY----- y', 'x … y'],
  ['half a private key', '-----BEGIN PRIVATE KEY-----\nPLANTED', '…'],
  ['an option', 'run --token PLANTED --room lobby', 'run --token … --room lobby'],
  ['an option of one dash', 'ffmpeg -password PLANTED -i x', 'ffmpeg -password … -i x'],
  ['an option with =', 'run --api-key=PLANTED -v', 'run --api-key=… -v'],
  ['an option in quotes', 'run --passphrase "PLANTED too" -v', 'run --passphrase "…" -v'],
  ['a list of words', '["-password", "PLANTED", "-i"]', '["-password", "…", "-i"]'],
  ['a list in a JSON text', '[\\"--token\\",\\"PLANTED\\"]', '[\\"--token\\",\\"…\\"]'],
  ['a value of several words', 'password: "PLANTED, PLANTED" x', 'password: "…" x'],
  ['an address of somebody', 'viewer 203.0.113.7 and 2001:db8::7 at 20:15:03', 'viewer – and – at 20:15:03'],
  ['what is none', 'secrets are kept; 127.0.0.1 is everybody', 'secrets are kept; 127.0.0.1 is everybody'],
])('scrubbed takes out %s', (_, text, told) => {
  expect(scrubbed(text)).toBe(told);
});

test('scrubbedValue goes by keys too, and leaves what helps', () => {
  const value = {
    rooms: { lobby: { fallback: [{ url: 'http://x/y?z=PLANTED', headers: { Cookie: 'PLANTED' } }] } },
    hooks: { onLive: ['/usr/bin/notify', '--pass', 'PLANTED'], onEnded: null },
    keys: [{ name: 'cam', hash: 'PLANTED', expiresAt: null }],
    viewers: { '203.0.113.7': { address: 'PLANTED', kind: 'page' } },
    sources: { allowPrivateNetworks: true },
  };
  expect(scrubbedValue(value)).toEqual({
    rooms: { lobby: { fallback: [{ url: 'http://x/y', headers: { Cookie: '…' } }] } },
    hooks: { onLive: ['/usr/bin/notify', '…', '…'], onEnded: null },
    keys: [{ name: 'cam', hash: '…', expiresAt: null }],
    viewers: { '–': { address: '–', kind: 'page' } },
    sources: { allowPrivateNetworks: true },
  });
});

test('scrubbedValue hides what a hook has printed, and leaves which one it was', () => {
  const line = { level: 40, msg: 'hook onLive ended with 1', hook: 'onLive', output: 'key is PLANTED\n' };
  expect(scrubbedValue({ fields: line, output: null })).toEqual({
    fields: { ...line, output: '…' },
    output: null,
  });
});

test('scrubbedValue hides all that is below a secret key', () => {
  const value = {
    tokens: ['PLANTED', ['PLANTED', 7]],
    credentials: { user: 'PLANTED', pass: { now: 'PLANTED', old: null }, isSet: true },
    argv: ['ffmpeg', '-password', 'PLANTED', '-headers', 'X-Own: PLANTED', '-i', 'talk.mp4'],
    headers: ['X-Own: PLANTED'],
  };
  expect(scrubbedValue(value)).toEqual({
    tokens: ['…', ['…', '…']],
    credentials: { user: '…', pass: { now: '…', old: null }, isSet: true },
    argv: ['ffmpeg', '-password', '…', '-headers', '…', '-i', 'talk.mp4'],
    headers: ['…'],
  });
});

test('nothing that is below a secret key is told, wherever it stands', () => {
  const planted = fc.string({ maxLength: 5 }).map((text) => `PLANTED${text}`);
  const below = fc.letrec((tie) => ({
    any: fc.oneof({ maxDepth: 4 }, planted, tie('list'), tie('object')),
    list: fc.array(tie('any'), { maxLength: 3 }),
    object: fc.dictionary(fc.constantFrom('user', 'pass', 'of', 'x'), tie('any'), { maxKeys: 3 }),
  })).any;
  const key = fc.constantFrom('tokens', 'credentials', 'secret', 'apiKeys', 'passwords', 'cookies');
  const around = fc.array(fc.constantFrom('rooms', 'list', 'own'), { maxLength: 3 });
  fc.assert(
    fc.property(key, below, around, (name, inner, path) => {
      const value = path.reduce<unknown>((rest, at) => (at === 'list' ? [rest] : { [at]: rest }), {
        [name]: inner,
      });
      expect(JSON.stringify(scrubbedValue(value))).not.toContain('PLANTED');
    }),
  );
});

test.each([
  ['names of secrets', 'token'],
  ['options', '--token'],
  ['options with a quote', '--token "'],
  ['quotes', 'token="token=\''],
  ['beginnings of keys', '-----BEGIN '],
])('scrubbed takes no longer than a text is long: %s', (_, word) => {
  const long = word.repeat(Math.ceil(100_000 / word.length));
  const { user } = process.threadCpuUsage();
  scrubbed(long);
  expect(process.threadCpuUsage().user - user).toBeLessThan(1_500_000);
});
