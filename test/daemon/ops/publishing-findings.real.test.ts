import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { type Config, config as configSchema } from '../../../src/contract/config.ts';
import {
  certificateFindings,
  fallbackKeyFindings,
  stateFinding,
} from '../../../src/daemon/ops/publishing-findings.ts';
import { StreamKeys } from '../../../src/daemon/publishers/keys/stream-keys.ts';
import { makeCertificate } from '../../helpers/certificate.ts';
import { openState, temporaryFolder } from '../../helpers/state.ts';

const day = 86_400_000;
const withTls = (cert: string, key: string): Config =>
  configSchema.parse({ rtmp: { tls: { port: 1936, cert, key } } });
const withState = (dir: string): Config => configSchema.parse({ state: { dir } });

describe('stateFinding', () => {
  it('is content with a folder that can be made, and with a state that a daemon uses', async () => {
    using folder = temporaryFolder();
    const dir = join(folder.path, 'not', 'yet');
    expect(await stateFinding(withState(dir), {})).toMatchObject({ state: 'ok', detail: dir });
    using _store = openState(folder.path);
    expect(await stateFinding(withState(folder.path), {}, { running: true })).toMatchObject({ state: 'ok' });
  });

  it('says that another daemon holds it, where none should', async () => {
    using folder = temporaryFolder();
    using _store = openState(folder.path);
    expect(await stateFinding(withState(folder.path), {})).toMatchObject({
      state: 'fail',
      detail: expect.stringContaining(
        `another daemon (pid ${process.pid}, ${folder.path}/control.sock) holds the state`,
      ),
    });
  });

  it('says where others may look into its folder', async () => {
    using folder = temporaryFolder();
    chmodSync(folder.path, 0o750);
    expect(await stateFinding(withState(folder.path), {})).toMatchObject({ state: 'ok' });
    chmodSync(folder.path, 0o755);
    expect(await stateFinding(withState(folder.path), {})).toMatchObject({
      state: 'warn',
      detail: `${folder.path} is open to others: its mode is 0755, expected 0750 or less`,
      fix: expect.stringMatching(/^chmod 0700 /),
    });
  });

  it('says that it cannot be written, or is damaged', async () => {
    expect(await stateFinding(withState('/dev/null/state'), {})).toMatchObject({ state: 'fail' });
    using folder = temporaryFolder();
    mkdirSync(join(folder.path, 'x'));
    writeFileSync(join(folder.path, 'state.db'), 'no database'.repeat(1000));
    expect(await stateFinding(withState(folder.path), {})).toMatchObject({
      state: 'fail',
      detail: expect.stringMatching(/^the state is damaged: /),
      fix: expect.stringMatching(/^Start the daemon again, which sets it aside/),
    });
  });
});

describe('fallbackKeyFindings', () => {
  it('names publishers to fall back to that have no valid stream key', () => {
    using folder = temporaryFolder();
    const fallback = [{ publisher: 'cam1' }, { publisher: 'cam2' }, 'slate'];
    const config = configSchema.parse({ state: { dir: folder.path }, rooms: { lobby: { fallback } } });
    expect(fallbackKeyFindings(config, {}, Date.now())).toHaveLength(2);
    using store = openState(folder.path);
    StreamKeys.create(store).create({ room: 'lobby', name: 'cam1', expiresMs: null });
    expect(fallbackKeyFindings(config, {}, Date.now())).toEqual([
      {
        check: 'room lobby',
        state: 'warn',
        detail: 'falls back to publisher cam2, which has no valid stream key',
        fix: 'mirolive keys create --room lobby --name cam2',
      },
    ]);
  });
});

/** What is said of the one certificate. */
async function certificates(config: Config, now = Date.now()) {
  const found = [];
  for await (const finding of certificateFindings(config, now)) found.push(finding);
  expect(found).toHaveLength(1);
  return found[0];
}

describe('certificateFindings', () => {
  it('says how long it is valid, in time', async () => {
    using folder = temporaryFolder();
    const { cert, key } = await makeCertificate(folder.path);
    const at = (days: number) => certificates(withTls(cert, key), Date.now() + days * day);
    expect(await at(0)).toMatchObject({ state: 'ok', detail: expect.stringContaining(cert) });
    expect(await at(20)).toMatchObject({ state: 'warn' });
    expect(await at(31)).toMatchObject({ state: 'fail' });
  });

  it('says what is wrong with its files', async () => {
    using folder = temporaryFolder();
    const { cert } = await makeCertificate(folder.path);
    const other = await makeCertificate(folder.path, 'other');
    expect(await certificates(withTls(cert, other.key))).toMatchObject({
      state: 'fail',
      detail: `${other.key} is not the key of ${cert}`,
    });
    expect(await certificates(withTls('/nowhere/cert.pem', other.key))).toMatchObject({
      state: 'fail',
      detail: expect.stringContaining('/nowhere/cert.pem'),
    });
  });
});
