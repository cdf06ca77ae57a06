import { once } from 'node:events';
import { expect, test } from 'vitest';
import { WebSocket } from 'ws';
import { rememberLost } from '../../../src/daemon/state/state-files.ts';
import { startPublicServer } from '../../helpers/public-server.ts';

test('who has a pass that nobody can know now is asked to come later, and keeps it', async () => {
  await using server = await startPublicServer({ entry: 'link' });
  const { links, port, url, stateFolder } = server;
  const make = () =>
    links.create({ room: 'lobby', name: null, expiresMs: null, maxUses: null }, { kind: 'daemon' });
  const [pass, revoked] = [`mlg_l-aaaaaaaaaa_g-aaaaaaaaaa_${'A'.repeat(43)}`, make()];
  const voided = links.enter('lobby', revoked.secret);
  links.revoke(revoked.link.id, { kind: 'daemon' });
  const page = async (...passes: string[]) => {
    const socket = new WebSocket(`ws://127.0.0.1:${port}/ws/lobby`, ['mirolive', ...passes]);
    const closed = once(socket, 'close');
    const [said] = await once(socket, 'message');
    const [code] = await closed;
    const { type, why, code: error } = JSON.parse(String(said));
    return [type, why ?? error, code];
  };
  const ask = async (path: string, type: string, body: string, token?: string) => {
    const authorization = token === undefined ? undefined : { authorization: `Bearer ${token}` };
    const headers = { 'content-type': type, ...authorization };
    const { status, headers: told } = await fetch(`${url}${path}`, { method: 'POST', headers, body });
    return [status, told.get('retry-after')];
  };
  const whep = (token?: string) => ask('/whep/lobby', 'application/sdp', 'v=0', token);
  const enter = (link: string) => ask('/enter/lobby', 'application/json', JSON.stringify({ link }));
  expect([await page(pass), await whep(pass), await enter('mll_a')]).toEqual([
    ['out', 'uninvited', 1008],
    [401, null],
    [401, null],
  ]);
  rememberLost(stateFolder, 'the state was damaged');
  expect([await page(pass), await whep(pass), await enter('mll_a')]).toEqual([
    ['error', 'STATE_UNAVAILABLE', 1013],
    [503, '2'],
    [503, null],
  ]);
  // Nobody is asked to come again who certainly is none.
  expect([await page(), await page(voided), await whep()]).toEqual([
    ['out', 'uninvited', 1008],
    ['out', 'uninvited', 1008],
    [401, null],
  ]);
});
