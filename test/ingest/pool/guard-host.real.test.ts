import { expect, test } from 'vitest';
import { IngestPool } from '../../../src/ingest/pool/ingest-pool.ts';
import { planOptions } from '../../helpers/plan-options.ts';
import { serveHttp } from '../../helpers/servers/http-server.ts';
import { sourcesOptions } from '../../helpers/sources-options.ts';
import { gone } from '../processes.ts';

test('addresses are opened by a process of its own, and once more when it has died', async () => {
  await using server = await serveHttp((_, response) => response.writeHead(404).end());
  await using pool = await IngestPool.create({
    ...{ sources: { ...sourcesOptions, allowPrivateNetworks: true } },
    ...{ processes: 1, maxMemoryBytes: 2 ** 30 },
    health: { lost: () => {}, found: () => {} },
  });
  const url = `http://127.0.0.1:${server.port}/missing.mp4`;
  const look = () =>
    pool.prepare('lobby', { kind: 'url', url, live: false, loop: false, audioTrack: null }, planOptions);
  await expect(look()).rejects.toMatchObject({
    code: 'SOURCE_UNREACHABLE',
    message: expect.stringContaining('answered 404'),
  });
  const pid = pool.guardPid ?? -1;
  const [ingest] = pool.processes;
  expect(pid).not.toBe(ingest?.pid);
  process.kill(pid, 'SIGKILL');
  await gone(pid);
  await expect.poll(() => [undefined, pid].includes(pool.guardPid)).toBe(false);
  await expect(look()).rejects.toMatchObject({
    code: 'SOURCE_UNREACHABLE',
    message: expect.stringContaining('answered 404'),
  });
  expect(pool.processes).toEqual([ingest]);
});
