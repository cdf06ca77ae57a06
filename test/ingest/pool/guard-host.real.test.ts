import { expect, test } from 'vitest';
import type { MiroliveError } from '../../../src/contract/errors.ts';
import { IngestPool } from '../../../src/ingest/pool/ingest-pool.ts';
import { planOptions } from '../../helpers/plan-options.ts';
import { serveHttp } from '../../helpers/servers/http-server.ts';
import { sourcesOptions } from '../../helpers/sources-options.ts';
import { gone } from '../processes.ts';

test('A source that the guard dies over is set aside: at once where no other room had something open, else the second time', async () => {
  const guardEntry = new URL('./scripted-guard.ts', import.meta.url);
  await using pool = IngestPool.create({
    ...{ sources: sourcesOptions, processes: 1, maxMemoryBytes: 2 ** 30, guardEntry },
  });
  const aside: string[] = [];
  pool.on('quarantined', ({ room, words }) => aside.push(`${room}: ${words}`));
  const deaths: number[] = [];
  pool.on('guardDied', () => deaths.push(aside.length));
  const look = async (room: string, path: string) => {
    const url = `http://talks.example/${room}${path}`;
    pool.hurry();
    const source = { kind: 'url', url, live: false, loop: false, audioTrack: null } as const;
    return await pool.prepare(room, source, planOptions).catch(({ code }: MiroliveError) => code);
  };
  // It is looked at once more where the guard has died: by then it is set aside.
  expect(await look('lobby', '/throw')).toBe('SOURCE_QUARANTINED');
  expect(deaths).toEqual([1]);
  expect(aside).toEqual(['lobby: http://talks.example/lobby/throw']);
  // While a third room waits for an opening it may be either, until it happens again.
  void look('hall', '/film.mp4');
  expect(await look('stage', '/throw')).toBe('INGEST_UNAVAILABLE');
  expect(deaths).toEqual([1, 1, 2]);
  expect(await look('stage', '/throw')).toBe('SOURCE_QUARANTINED');
});

test('addresses are opened by a process of its own, and once more when it has died', async () => {
  await using server = await serveHttp((_, response) => response.writeHead(404).end());
  await using pool = IngestPool.create({
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
