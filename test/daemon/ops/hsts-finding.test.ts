import { expect, test } from 'vitest';
import { config as configSchema } from '../../../src/contract/config.ts';
import { hstsFinding } from '../../../src/daemon/ops/hsts-finding.ts';

const secure = { port: 443, cert: '/a.pem', key: '/a.key', hsts: '24h' };

test.each([
  { name: 'nothing asked for', http: { port: 80, tls: { ...secure, hsts: '0s' } }, state: undefined },
  { name: 'no HTTPS', http: { tls: { hsts: '24h' } }, state: undefined },
  { name: 'the usual ports', http: { port: 80, tls: secure }, state: 'ok' },
  {
    name: 'an odd port',
    http: { port: 80, tls: { ...secure, port: 8443 } },
    state: 'warn',
    says: 'by port 8443',
  },
  {
    name: 'an odd port that 443 is led to',
    http: { port: 8080, publicUrl: 'https://live.example.org', tls: { ...secure, port: 8443 } },
    state: 'ok',
  },
  {
    name: 'a public address with an odd port',
    http: { publicUrl: 'https://live.example.org:8443', tls: { ...secure, port: 8443 } },
    ...{ state: 'warn', says: 'by port 8443' },
  },
  {
    name: 'an odd port without TLS',
    http: { port: 8080, tls: secure },
    state: 'warn',
    says: 'http.port 8080',
  },
])('hstsFinding: $name', ({ http, state, says = '' }) => {
  const found = hstsFinding(configSchema.parse({ http }).http);
  expect(found?.state).toBe(state);
  expect(found?.detail ?? '').toContain(says);
});
