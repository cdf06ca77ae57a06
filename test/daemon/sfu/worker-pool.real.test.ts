import { chmod, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { locateWorker } from '../../../native/mediasoup-worker/locate.mjs';
import { createClient } from '../../../src/cli/client.ts';
import { eventually } from '../../helpers/browser.ts';
import { startDaemon } from '../../helpers/daemon.ts';
import { temporaryFolder } from '../../helpers/temporary-folder.ts';

test('A worker that cannot be replaced is missed, not silently given up: others serve, it is told, and it comes back by itself', async () => {
  await using folder = await temporaryFolder();
  const { bin, gate } = await gatedWorker(folder.path);
  await using server = await startDaemon({ rtmp: { enabled: false }, workers: { count: 2, bin } });
  const client = createClient(server.socket);
  const { pool, hub } = server.daemon;
  const told: string[] = [];
  hub.listen((event) => told.push('part' in event ? `${event.type} ${event.part}` : event.type));
  const degraded = () => client.call('status', {}).then((status) => status.degraded);
  await rm(gate);
  for (const { worker } of [...pool.slots]) process.kill(worker.pid, 'SIGKILL');
  await eventually(degraded, ({ length }) => length === 2, 15_000);
  const parts = await degraded();
  expect(parts.map(({ part }) => part).sort()).toEqual(['worker 1', 'worker 2']);
  expect(parts.every(({ nextTryAt }) => nextTryAt !== null)).toBe(true);
  expect(server.daemon.health.servable).toBe(false);
  const source = { kind: 'test' } as const;
  await expect(client.call('startBroadcast', { room: 'other', source })).rejects.toMatchObject({
    code: 'NO_WORKER',
  });
  await writeFile(gate, '');
  await eventually(degraded, ({ length }) => length === 0, 30_000);
  expect(server.daemon.health.servable).toBe(true);
  expect(told).toContain('daemon.degraded worker 1');
  expect(told).toContain('daemon.recovered worker 1');
  await client.call('startBroadcast', { room: 'other', source });
}, 90_000);

/** A worker that starts only while a file is there. */
async function gatedWorker(folder: string): Promise<{ bin: string; gate: string }> {
  const gate = join(folder, 'gate');
  const bin = join(folder, 'worker');
  const worker = locateWorker({ env: process.env })?.path;
  await writeFile(gate, '');
  await writeFile(bin, `#!/bin/sh\n[ -e '${gate}' ] || exit 1\nexec '${worker}' "$@"\n`);
  await chmod(bin, 0o755);
  return { bin, gate };
}
