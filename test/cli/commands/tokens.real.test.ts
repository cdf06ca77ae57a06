import { expect, test } from 'vitest';
import type { NewToken, Token } from '../../../src/contract/tokens.ts';
import { openDesk } from '../desk.ts';
import { inProcess } from '../mirolive.ts';

const token: Token = {
  ...({
    id: 't-aaaaaaaaaa',
    name: 'anna',
    role: 'operator',
    rooms: ['lobby', 'hall'],
    state: 'valid',
  } as const),
  ...{ createdAt: '2026-01-02T03:04:05.000Z', expiresAt: null, lastUsedAt: null },
};
const made: NewToken = { token, secret: 'mlt_secret' };

test('tokens create shows the secret this once, and asks for what was said', async () => {
  await using desk = await openDesk({ createToken: () => made });
  const said = ['--role', 'operator', '--rooms', 'lobby, hall', '--name', 'anna', '--for', '30d'];
  const { stdout } = await inProcess(['tokens', 'create', ...said, '--socket', desk.socket]);
  expect(stdout.split('\n')).toEqual([
    'Token anna (t-aaaaaaaaaa), operator in lobby, hall, valid for ever. It is shown this once.',
    '',
    '  mlt_secret',
  ]);
  const input = { role: 'operator', rooms: ['lobby', 'hall'], name: 'anna', expiresMs: 2_592_000_000 };
  expect(desk.asked).toEqual([{ name: 'createToken', input }]);
  const { stdout: json } = await inProcess([
    ...['tokens', 'create', '--role', 'read', '--json', '--socket', desk.socket],
  ]);
  expect(JSON.parse(json)).toEqual(made);
});

test.each([
  { args: ['create'], words: "required option '--role <role>' not specified" },
  { args: ['create', '--role', 'root'], words: 'Allowed choices are read, operator, admin' },
  { args: ['create', '--role', 'read', '--for', '0s'], words: 'Expected a time from 1s to 3650d' },
  { args: ['revoke'], words: "missing required argument 'token'" },
])('tokens refuses $args', async ({ args, words }) => {
  const { stderr, exitCode } = await inProcess(['tokens', ...args]);
  expect(exitCode).toBe(2);
  expect(stderr).toContain(words);
});

test('tokens list shows them as a table, or the way on', async () => {
  const past = new Date(Date.now() - 7_200_000).toISOString();
  const expired: Token = { ...token, rooms: null, state: 'expired', expiresAt: past, lastUsedAt: past };
  await using desk = await openDesk({ listTokens: () => [token, expired] });
  const { stdout } = await inProcess(['tokens', 'list', '--socket', desk.socket]);
  expect(stdout.split('\n')).toEqual([
    'ID            NAME  ROLE      ROOMS       STATE    EXPIRES  LAST USED',
    't-aaaaaaaaaa  anna  operator  lobby,hall  valid    never    never',
    't-aaaaaaaaaa  anna  operator  all         expired  2 h ago  2 h ago',
  ]);
  await using none = await openDesk({ listTokens: () => [] });
  const args = ['tokens', 'list', '--revoked', '--socket', none.socket];
  expect((await inProcess(args)).stdout).toContain(
    'No tokens. Make one: mirolive tokens create --role operator',
  );
  expect(none.asked[0]?.input).toEqual({ revoked: true });
});

test('tokens revoke takes an id or a name, and says when there is none', async () => {
  const other = { ...token, id: 't-bbbbbbbbbb', state: 'revoked' } as const;
  await using desk = await openDesk({ listTokens: () => [other, token], revokeToken: () => token });
  const revoke = (words: string) => inProcess(['tokens', 'revoke', words, '--socket', desk.socket]);
  expect((await revoke('anna')).stdout).toBe('Revoked: token anna (t-aaaaaaaaaa)');
  await revoke('t-bbbbbbbbbb');
  const revoked = desk.asked.flatMap(({ name, input }) => (name === 'revokeToken' ? [input] : []));
  expect(revoked).toEqual([{ id: 't-aaaaaaaaaa' }, { id: 't-bbbbbbbbbb' }]);
  const { stderr, exitCode } = await revoke('bert');
  expect([exitCode, stderr]).toEqual([4, expect.stringContaining('there is no token bert')]);
});
