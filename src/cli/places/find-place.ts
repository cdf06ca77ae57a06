import { existsSync, readFileSync, statSync } from 'node:fs';
import { resolve } from 'node:path';
import { MiroliveError } from '../../contract/errors.ts';
import { quoted } from '../../contract/quoted.ts';
import { contextsPath, type Environment, findSocket, type PlaceFlags } from '../program/environment.ts';
import type { NamedHost } from './contexts.ts';
import { parseFingerprint } from './fingerprint.ts';
import { type HostPlace, type Place, parseHost } from './place.ts';

/** A token has no more characters; a file that has is none with a token. */
const maxTokenLength = 1000;
/** Who may read a file beside its owner. */
const othersMode = 0o077;

/**
 * The daemon that flags and environment name: `--socket`, `--host` or `--context`, then MIROLIVE_SOCKET, MIROLIVE_HOST or MIROLIVE_CONTEXT,
 * then a configuration that is named, the context in use, and this machine's own.
 *
 * @throws MiroliveError USAGE, CONTEXT_NOT_FOUND, INVALID_CONFIG
 */
export async function findPlace(
  flags: PlaceFlags,
  environment: Environment,
  warn: (message: string) => void,
): Promise<Place> {
  const { variables: env } = environment;
  const given = (['socket', 'host', 'context'] as const).filter((name) => flags[name] !== undefined);
  if (given.length > 1)
    throw new MiroliveError(
      'USAGE',
      `expected one daemon, got ${given.map((name) => `--${name}`).join(' and ')}`,
    );
  const local = async (): Promise<Place> => ({
    kind: 'socket',
    path: await findSocket(flags, environment, warn),
  });
  const ofHost = (host: string) => hostPlace({ host }, flags, environment, warn);
  if (flags.socket) return await local();
  if (flags.host) return ofHost(flags.host);
  if (flags.context) return await contextPlace(flags.context, flags, environment, warn);
  if (env.MIROLIVE_SOCKET) return await local();
  if (env.MIROLIVE_HOST) return ofHost(env.MIROLIVE_HOST);
  if (env.MIROLIVE_CONTEXT) return await contextPlace(env.MIROLIVE_CONTEXT, flags, environment, warn);
  if (flags.config || env.MIROLIVE_CONFIG || !existsSync(contextsPath(environment))) return await local();
  return await contextPlace(null, flags, environment, warn);
}

/** The place that a host is. @throws MiroliveError USAGE */
export function hostPlace(
  named: NamedHost,
  flags: PlaceFlags,
  { variables: env, cwd }: Environment,
  warn: (message: string) => void,
): HostPlace {
  const host = parseHost(named.host);
  if (host === null)
    throw new MiroliveError('USAGE', `expected HOST or HOST:PORT, got ${JSON.stringify(named.host)}`, {
      hint: 'For example: mirolive status --host live.example.org:9443',
    });
  const print = flags.fingerprint ?? named.fingerprint;
  const fingerprint = print === undefined ? null : parseFingerprint(print);
  if (print !== undefined && fingerprint === null)
    throw new MiroliveError('USAGE', `expected a SHA-256 print of 64 hexadecimal digits, got ${print}`, {
      hint: 'See it on the machine of the daemon: mirolive status',
    });
  const file = flags.tokenFile === undefined ? undefined : resolve(cwd, flags.tokenFile);
  const kept = named.token ?? (named.tokenFile === undefined ? null : readToken(named.tokenFile, warn));
  // That of the environment is for the daemon that is named there, or by --host: a context has its own.
  const token = file === undefined ? (kept ?? (env.MIROLIVE_TOKEN || null)) : readToken(file, warn);
  return { kind: 'host', ...host, token: token && usable(token), fingerprint };
}

/** @param name null: the one in use */
async function contextPlace(
  name: string | null,
  flags: PlaceFlags,
  environment: Environment,
  warn: (message: string) => void,
): Promise<Place> {
  const { localContext, namedHost, readContexts } = await import('./contexts.ts');
  const contexts = readContexts(contextsPath(environment));
  const wanted = name ?? contexts.current ?? localContext;
  if (wanted === localContext) return { kind: 'socket', path: await findSocket(flags, environment, warn) };
  return hostPlace(namedHost(contexts, wanted), flags, environment, warn);
}

function readToken(file: string, warn: (message: string) => void): string {
  try {
    if ((statSync(file).mode & othersMode) !== 0)
      warn(
        `others on this machine can read the token in ${file}; keep it to yourself: chmod 600 ${quoted(file)}`,
      );
    return readFileSync(file, 'utf8').trim();
  } catch (cause) {
    throw new MiroliveError('USAGE', `expected a file with a token: ${(cause as Error).message}`, { cause });
  }
}

/** What would break the header that it is sent in is no token. */
function usable(token: string): string {
  if (/^[\x21-\x7e]+$/.test(token) && token.length <= maxTokenLength) return token;
  throw new MiroliveError('USAGE', 'expected a token, such as mlt_…, and nothing else', {
    hint: 'Make one on the machine of the daemon: mirolive tokens create --role operator',
  });
}
