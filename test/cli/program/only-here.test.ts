import { expect, it } from 'vitest';
import { onlyHere } from '../../../src/cli/program/only-here.ts';

it.each([
  [{ host: 'live.example.org', tokenFile: 'token' }, '--host'],
  [{ context: 'studio', socket: '/run/a.sock' }, '--context'],
  [{ fingerprint: 'SHA256:AB' }, '--fingerprint'],
])('A command about this machine refuses another one: %j', (flags, named) => {
  expect(() => onlyHere('mirolive daemon', flags)).toThrow(
    expect.objectContaining({
      code: 'USAGE',
      message: `mirolive daemon is about the machine that it runs on, got ${named}`,
    }),
  );
});

it('A command about this machine takes where its daemon is', () => {
  onlyHere('mirolive daemon', { socket: '/run/a.sock', config: 'mirolive.yaml' });
});
