import { existsSync, readFileSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { parse, stringify } from 'yaml';
import { MiroliveError } from '../../contract/errors.ts';
import { nearest } from '../../contract/nearest.ts';
import { quoted } from '../../contract/quoted.ts';
import { makeFolder } from '../../files/make-folder.ts';
import { writeWholeFile } from '../../files/whole-file.ts';

/** Tokens are in it. */
const fileMode = 0o600;
const folderMode = 0o700;
const othersMode = 0o077;

/** A daemon of another machine, by a name of one's own. */
export interface NamedHost {
  /** With its port, as it was given. */
  readonly host: string;
  /** As `--fingerprint` takes it; without: authorities that this machine trusts vouch for it. */
  readonly fingerprint?: string;
  readonly token?: string;
  /** Has the token, instead of this file. */
  readonly tokenFile?: string;
}

/** What the file says. */
export interface Contexts {
  /** Whom commands ask that name nobody; null: this machine's daemon. */
  readonly current: string | null;
  readonly contexts: Readonly<Record<string, NamedHost>>;
}

/** What a context may be called. */
export const contextName = /^[a-z0-9][a-z0-9-]{0,62}$/;
/** The name of no context: this machine's daemon. */
export const localContext = 'local';

/** Reads the file; without one there are none. @throws MiroliveError INVALID_CONFIG */
export function readContexts(path: string): Contexts {
  if (!existsSync(path)) return { current: null, contexts: {} };
  try {
    if ((statSync(path).mode & othersMode) !== 0)
      throw new MiroliveError(
        'INVALID_CONFIG',
        `expected nobody else to be able to read ${path}, it has tokens`,
        {
          hint: `Keep it to yourself: chmod 600 ${quoted(path)}`,
        },
      );
    return checked(parse(readFileSync(path, 'utf8')));
  } catch (cause) {
    if (cause instanceof MiroliveError) throw cause;
    throw new MiroliveError('INVALID_CONFIG', `${path} cannot be read: ${(cause as Error).message}`, {
      ...{ cause, hint: 'Mend it, or remove it and add them again: mirolive context add --help' },
    });
  }
}

/** Writes it whole, for its owner alone. @throws what the system answers */
export function writeContexts(path: string, contexts: Contexts): void {
  makeFolder(dirname(path), folderMode);
  writeWholeFile(path, stringify(contexts), fileMode);
}

/** One of them. @throws MiroliveError CONTEXT_NOT_FOUND */
export function namedHost({ contexts }: Contexts, name: string): NamedHost {
  const found = Object.hasOwn(contexts, name) ? contexts[name] : undefined;
  if (found !== undefined) return found;
  const meant = nearest(name, Object.keys(contexts));
  throw new MiroliveError(
    'CONTEXT_NOT_FOUND',
    `there is no context ${name}${meant === undefined ? '' : `; did you mean ${meant}?`}`,
  );
}

function checked(value: unknown): Contexts {
  const { current = null, contexts = {} } = (value ?? {}) as Partial<Contexts>;
  const isText = (one: unknown) => one === undefined || typeof one === 'string';
  for (const [name, one] of Object.entries(contexts ?? {})) {
    const { host, fingerprint, token, tokenFile } = (one ?? {}) as NamedHost;
    if (typeof host !== 'string' || ![fingerprint, token, tokenFile].every(isText))
      throw new Error(`expected a host, and text, in contexts.${name}`);
  }
  if (current !== null && typeof current !== 'string') throw new Error('expected a name as current');
  return { current, contexts: contexts ?? {} };
}
