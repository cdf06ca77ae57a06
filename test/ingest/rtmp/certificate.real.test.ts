import { once } from 'node:events';
import { copyFile, writeFile } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import { expect, it } from 'vitest';
import type { Trouble } from '../../../src/ingest/child/restarts.ts';
import { tlsServer } from '../../../src/ingest/rtmp/certificate.ts';
import { fingerprint, makeCertificate } from '../../helpers/certificate.ts';
import { temporaryFolder } from '../../helpers/state.ts';
import { VirtualClock } from '../../helpers/virtual-clock.ts';

it('takes a renewed certificate over, and keeps the old one where the new one cannot be used', async () => {
  using folder = temporaryFolder();
  const tls = { port: 0, ...(await makeCertificate(folder.path)) };
  const fresh = await makeCertificate(folder.path, 'fresh');
  const told: (Trouble | null)[] = [];
  const clock = new VirtualClock();
  const { server, certify } = tlsServer(clock, tls, (trouble) => told.push(trouble));
  await using _closed = { [Symbol.asyncDispose]: async () => void server.close() };
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const first = await fingerprint(port);

  await copyFile(fresh.cert, tls.cert);
  await clock.pass(60_000);
  await clock.pass(60_000);
  const reason = expect.stringMatching(/^RTMPS keeps the old one: /);
  expect(told.splice(0)).toEqual([
    { reason, failures: 1, nextTryMs: 60_000 },
    { reason, failures: 2, nextTryMs: 60_000 },
  ]);
  expect(await fingerprint(port)).toBe(first);

  await copyFile(fresh.key, tls.key);
  await clock.pass(60_000);
  const second = await fingerprint(port);
  expect(second).not.toBe(first);
  expect(told.splice(0)).toEqual([null]);

  await writeFile(tls.cert, 'no certificate');
  await clock.pass(60_000);
  expect(await fingerprint(port)).toBe(second);
  expect(told.splice(0)).toEqual([{ reason, failures: 1, nextTryMs: 60_000 }]);

  const other = await makeCertificate(folder.path, 'other');
  certify(other);
  expect(told).toEqual([null]);
  expect(await fingerprint(port)).not.toBe(second);
});
