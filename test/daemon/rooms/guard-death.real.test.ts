import { once } from 'node:events';
import { PassThrough } from 'node:stream';
import pino from 'pino';
import { expect, test } from 'vitest';
import { createClient } from '../../../src/cli/client.ts';
import { startDaemon } from '../../helpers/daemon.ts';
import { childrenOf } from '../../ingest/processes.ts';

test('A source guard that is killed is told of, in the events and in the log', async () => {
  const lines = new PassThrough({ encoding: 'utf8' });
  await using server = await startDaemon(
    { rtmp: { enabled: false } },
    { log: pino({ level: 'error' }, lines) },
  );
  const client = createClient(server.socket);
  const url = 'http://127.0.0.1:9/film.mp4';
  const looked = client.call('probe', { source: { kind: 'url', url } });
  await expect(looked).rejects.toMatchObject({ code: 'SOURCE_PRIVATE_ADDRESS' });
  const [pid = Number.NaN] = await childrenOf(process.pid, 'mirolive guard');
  const told = new Promise((resolve) => {
    server.daemon.hub.listen((event) => event.type === 'guard.died' && resolve(event));
  });
  const written = once(lines, 'data');
  process.kill(pid, 'SIGKILL');
  expect(await told).toMatchObject({ pid, message: 'it was ended by SIGKILL' });
  expect(JSON.parse(`${await written}`)).toMatchObject({
    type: 'guard.died',
    guardPid: pid,
    msg: 'the source guard died; it is started anew',
  });
});
