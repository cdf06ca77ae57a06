import { expect, test } from 'vitest';
import { strangerError } from '../../../src/daemon/publishers/stranger-error.ts';
import { strangers } from '../../../src/ingest/rtmp/calls.ts';

const ports = { port: 1935, tlsPort: 1936 };

test.each(strangers)('the operator is told what came and what to do: %s', (what) => {
  const { code, message, hint } = strangerError({ what, words: 'FCPublish' }, ports);
  expect(code).toBe('PUBLISHER_UNCLEAR');
  expect(message).toMatch(/^expected .*(, got |, the )/);
  expect(hint).not.toBe('');
});

test('the port of RTMPS is named where there is one', () => {
  const told = { what: 'tls', words: null } as const;
  expect(strangerError(told, ports).hint).toContain('1936');
  expect(strangerError(told, { ...ports, tlsPort: null }).hint).toContain('rtmp.tls');
});
