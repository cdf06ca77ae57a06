import { createPrivateKey, X509Certificate } from 'node:crypto';
import { constants, existsSync, statSync } from 'node:fs';
import { access, readFile, statfs } from 'node:fs/promises';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import type { Config } from '../../contract/config.ts';
import { asMiroliveError } from '../../contract/errors.ts';
import type { Finding } from '../../contract/finding.ts';
import { quoted } from '../../contract/quoted.ts';
import { stateFolder, writableFolder } from '../../files/state-folder.ts';
import { stateError } from '../state/state-error.ts';

/** A certificate that ends sooner than this, in ms, is to be renewed. */
const renewBeforeMs = 14 * 86_400_000;
/** With less room than this, in bytes, the state cannot be begun: SQLite's file and its log take some pages each. */
const leastRoomBytes = 64 * 1024;

/** Whether the state can be read and written. Nothing is made: it might not be the daemon's user who looks. */
export async function stateFinding(
  config: Config,
  env: Readonly<Record<string, string | undefined>>,
  { running = false }: { readonly running?: boolean } = {},
): Promise<Finding> {
  const check = 'state';
  const folder = folderOf(config, env);
  const file = join(folder, 'state.db');
  try {
    await access(nearest(folder), constants.W_OK | constants.X_OK);
    // The daemon that answers holds it, and says itself what is wrong with it.
    if (!running) readAny(join(folder, 'state.lock'), 'SELECT count(*) FROM sqlite_master');
    readAny(file, 'SELECT count(*) FROM stream_keys');
    const freeBytes = await roomIn(nearest(folder));
    if (freeBytes < leastRoomBytes) {
      const detail = `there is no room for the state: ${folder}: ${freeBytes} bytes are free`;
      return { check, state: 'fail', detail, fix: `Make some: df -h ${nearest(folder)}` };
    }
    const open = openWords(folder);
    if (open) return { check, state: 'warn', ...open };
    return { check, state: 'ok', detail: folder, fix: null };
  } catch (thrown) {
    const { message, hint } = asMiroliveError(stateError(thrown, file));
    return { check, state: 'fail', detail: message, fix: hint };
  }
}

/** A folder that others may look into, or its group may change; what is in it is its owner's alone. null: it is as it should be. */
function openWords(folder: string): { readonly detail: string; readonly fix: string } | null {
  const { mode = 0 } = statSync(folder, { throwIfNoEntry: false }) ?? {};
  if ((mode & 0o027) === 0) return null;
  const detail = `${folder} is open to others: its mode is 0${(mode & 0o7777).toString(8)}, expected 0750 or less`;
  return {
    detail,
    fix: `chmod 0700 ${quoted(folder)}; where others need it, give the state another: state.dir`,
  };
}

/** What this user may still write below a folder, in bytes. Some file systems keep a part for root (statvfs(3)). */
async function roomIn(folder: string): Promise<number> {
  const { bsize, bfree, bavail } = await statfs(folder);
  return bsize * (process.getuid?.() === 0 ? bfree : bavail);
}

/** Publishers that rooms fall back to, but that have no stream key to publish with. */
export function fallbackKeyFindings(
  config: Config,
  env: Readonly<Record<string, string | undefined>>,
  now: number,
): Finding[] {
  const wanted = Object.entries(config.rooms).flatMap(([room, { fallback }]) =>
    fallback.flatMap((entry) => (entry.kind === 'publisher' ? [{ room, key: entry.key }] : [])),
  );
  if (wanted.length === 0) return [];
  const valid = validKeys(join(folderOf(config, env), 'state.db'), now);
  return wanted
    .filter(({ room, key }) => valid?.has(`${room}/${key}`) === false)
    .map(({ room, key }) => ({
      check: `room ${room}`,
      state: 'warn',
      detail: `falls back to publisher ${key}, which has no valid stream key`,
      fix: `mirolive keys create --room ${room} --name ${key}`,
    }));
}

/** `ROOM/NAME` of each key that may be published with; null: not known. */
function validKeys(file: string, now: number): ReadonlySet<string> | null {
  const query =
    'SELECT room, name FROM stream_keys WHERE revoked_at IS NULL AND (expires_at IS NULL OR expires_at > ?)';
  try {
    return new Set(readAny(file, query, now).map(({ room, name }) => `${room}/${name}`));
  } catch {
    // stateFinding says why.
    return null;
  }
}

/** What a query gives of a database; nothing where there is none yet. */
function readAny(file: string, query: string, ...values: number[]) {
  if (!existsSync(file)) return [];
  using database = new DatabaseSync(file, { readOnly: true });
  return database.prepare(query).all(...values);
}

function folderOf(config: Config, env: Readonly<Record<string, string | undefined>>): string {
  return stateFolder({ configured: config.state.dir, env, home: homedir(), writable: writableFolder });
}

/** Whether what is served with TLS has its certificate; the control API makes one for itself where none is named. */
export async function* certificateFindings({ http, rtmp, control }: Config, now: number) {
  if (http.tls.port !== null) yield await certificateFinding('http.tls', http.tls, now);
  if (rtmp.enabled && rtmp.tls.port !== null) yield await certificateFinding('rtmp.tls', rtmp.tls, now);
  const { port, cert } = control.tls;
  if (port !== null && cert !== null) yield await certificateFinding('control.tls', control.tls, now);
}

/** Whether a section such as `rtmp.tls` has a certificate with its key, and for how long. */
async function certificateFinding(
  section: string,
  { cert, key }: Config['rtmp']['tls'],
  now: number,
): Promise<Finding> {
  const check = `certificate of ${section}`;
  try {
    const certificate = new X509Certificate(await readFile(cert ?? ''));
    if (!certificate.checkPrivateKey(createPrivateKey(await readFile(key ?? ''))))
      return { check, state: 'fail', detail: `${key} is not the key of ${cert}`, fix: `Set ${section}.key` };
    const until = certificate.validToDate;
    const detail = `${cert}, valid until ${until.toISOString().slice(0, 10)}`;
    if (until.getTime() - now > renewBeforeMs) return { check, state: 'ok', detail, fix: null };
    const state = until.getTime() > now ? 'warn' : 'fail';
    return { check, state, detail, fix: 'Renew it; the daemon takes the new one within a minute' };
  } catch (error) {
    const fix = `Check ${section}.cert and ${section}.key, and allow the daemon's user to read them`;
    return { check, state: 'fail', detail: (error as Error).message, fix };
  }
}

/** The folder itself, or the nearest one above it that there is. */
function nearest(folder: string): string {
  return existsSync(folder) || folder === dirname(folder) ? folder : nearest(dirname(folder));
}
