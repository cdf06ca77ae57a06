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
