import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';
import { userInfo } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { peerUser, userName } from '../../../src/daemon/api/peer-user.ts';
import { temporaryFolder } from '../../helpers/state.ts';

test.each([
  { uid: 0, name: 'root' },
  { uid: 1000, name: 'anna' },
  { uid: 100, name: 'uid 100' },
  { uid: 7, name: 'uid 7' },
])('user $uid is $name', ({ uid, name }) => {
  const passwd = 'root:x:0:0::/root:/bin/sh\nanna:x:1000:1000::/home/anna:/bin/sh\n:x:7:7::/:\n';
  expect(userName(uid, passwd)).toBe(name);
});

test('the kernel says who opened the other end; of a socket that is gone nobody is known', async () => {
  using folder = temporaryFolder();
  const server = createServer().listen(join(folder.path, 'a.sock'));
  await once(server, 'listening');
  const client = connect(join(folder.path, 'a.sock'));
  const [accepted] = (await once(server, 'connection')) as [Socket];
  expect(peerUser(accepted)).toBe(userInfo().username);
  accepted.destroy();
  expect(peerUser(accepted)).toBe(null);
  client.destroy();
  server.close();
});
