import type { CallInput } from '../../contract/api.ts';
import { type Clock, systemClock, type Timer } from '../../contract/clock.ts';
import { MiroliveError } from '../../contract/errors.ts';
import { newId } from '../../contract/ids.ts';
import type { Principal, TokenPrincipal } from '../../contract/principal.ts';
import type { NewToken, Token } from '../../contract/tokens.ts';
import type { Deed } from '../state/audit-log.ts';
import { HeldRecords } from '../state/held-records.ts';
import type { StateStore } from '../state/state-store.ts';
import { bearerOf, type TokenRecord, tokenModel, tokenState } from './token-record.ts';
import { newTokenSecret, tokenHash } from './token-secret.ts';
import { forgetTokens, readTokens, writeToken } from './token-table.ts';

/** That tokens were used is written for all of them at once, this long after the first, in ms: no call waits for the disk. */
const noteUseAfterMs = 60_000;
/** The wall clock may be put right: whether a token has expired is looked at again by then, in ms. */
const expiryLookMs = 60_000;
/** So many that are not revoked. */
const maxTokens = 1000;

/** Who comes with a secret. */
export type Bearer =
  | { readonly is: 'valid'; readonly principal: TokenPrincipal }
  /** It was one: for the log of who runs this; whoever came hears no more than that it is refused. */
  | { readonly is: 'expired' | 'revoked'; readonly id: string; readonly name: string }
  | { readonly is: 'unknown' };

/**
 * Who may use the control API from elsewhere. Tokens are held in memory, and found by their hashes; a change is written first, and
 * where that fails nothing has changed.
 */
export class Tokens {
  readonly #store: StateStore;
  readonly #clock: Clock;
  readonly #tokens: HeldRecords<TokenRecord>;
  /** Ids by hash. */
  readonly #byHash = new Map<string, string>();
  /** Those who hear that a token is void. */
  readonly #listeners = new Map<string, Set<() => void>>();
  private constructor(store: StateStore, clock: Clock) {
    this.#store = store;
    this.#clock = clock;
    this.#tokens = new HeldRecords({
      ...{ store, clock, read: readTokens, write: writeToken, noteUseAfterMs },
      onKept: ({ hash, id }) => this.#byHash.set(hash, id),
    });
  }

  /** Reads the tokens; where that fails it is tried again when they are needed. */
  static create(store: StateStore, clock: Clock = systemClock): Tokens {
    const tokens = new Tokens(store, clock);
    tokens.#tokens.loadIfDue();
    return tokens;
  }

  /** @throws MiroliveError TOKEN_EXISTS, LIMIT_REACHED, STATE_UNAVAILABLE */
  create({ name, role, rooms, expiresMs }: CallInput<'createToken'>, by: Principal): NewToken {
    this.#tokens.load();
    const open = this.#tokens.all.filter(({ revokedAt }) => revokedAt === null);
    if (open.length >= maxTokens)
      throw new MiroliveError('LIMIT_REACHED', `there are ${maxTokens} tokens already`, {
        hint: 'Revoke what nobody needs: mirolive tokens list',
      });
    const names = new Set(open.map((one) => one.name));
    const other = open.find((one) => one.name === name);
    if (other)
      throw new MiroliveError('TOKEN_EXISTS', `there is a token ${other.name} already`, {
        details: { id: other.id },
      });
    const now = this.#clock.wallMs();
    const secret = newTokenSecret();
    const record: TokenRecord = {
      id: newId('t'),
      name: name ?? freeName(role, names),
      ...{ role, rooms, hash: tokenHash(secret), createdAt: now },
      expiresAt: expiresMs === null ? null : now + expiresMs,
      ...{ lastUsedAt: null, revokedAt: null },
    };
    return { token: this.#change('createToken', record, by), secret };
  }

  /** @throws MiroliveError STATE_UNAVAILABLE */
  list({ revoked }: CallInput<'listTokens'>): Token[] {
    this.#tokens.load();
    return this.#tokens.all
      .filter(({ revokedAt }) => revoked || revokedAt === null)
      .map((record) => tokenModel(record, this.#clock.wallMs()));
  }

  /** What is open with it is cut off by those who listen, before this returns. @throws MiroliveError TOKEN_NOT_FOUND, STATE_UNAVAILABLE */
  revoke(id: string, by: Principal): Token {
    this.#tokens.load();
    const token = this.#tokens.get(id);
    if (token === undefined || token.revokedAt !== null)
      throw new MiroliveError(
        'TOKEN_NOT_FOUND',
        token ? `token ${id} is revoked already` : `there is no token ${id}`,
      );
    const model = this.#change('revokeToken', { ...token, revokedAt: this.#clock.wallMs() }, by);
    this.#store.rememberRevoked();
    for (const listener of [...(this.#listeners.get(id) ?? [])]) listener();
    return model;
  }

  /** Who comes with a secret; to be asked for each request. @throws MiroliveError STATE_UNAVAILABLE where nobody can be known yet */
  find(secret: string): Bearer {
    this.#tokens.loadIfDue();
    const record = this.#tokens.get(this.#byHash.get(tokenHash(secret)) ?? '');
    if (record === undefined) {
      if (this.#tokens.isLoaded) return { is: 'unknown' };
      throw new MiroliveError('STATE_UNAVAILABLE', this.#store.problem ?? 'the tokens cannot be read');
    }
    const state = tokenState(record, this.#clock.wallMs());
    if (state !== 'valid') return { is: state, id: record.id, name: record.name };
    this.#tokens.use(record.id);
    return { is: 'valid', principal: bearerOf(record) };
  }

  /** How a token is now, as for a schedule that was made with it; undefined: there is none. @throws MiroliveError STATE_UNAVAILABLE */
  stateOf(id: string): Token['state'] | undefined {
    this.#tokens.load();
    const record = this.#tokens.get(id);
    return record && tokenState(record, this.#clock.wallMs());
  }

  /**
   * Hears once that a token is void: it was revoked, or its time is over. At once where it is already.
   *
   * @returns hears it no more
   */
  onVoid(id: string, listener: () => void): () => void {
    const listeners = this.#listeners.get(id) ?? new Set();
    let timer: Timer | undefined;
    const stop = () => {
      timer?.cancel();
      listeners.delete(tell);
      if (listeners.size === 0) this.#listeners.delete(id);
    };
    const tell = () => {
      stop();
      listener();
    };
    const look = () => {
      const record = this.#tokens.get(id);
      const now = this.#clock.wallMs();
      if (!record || tokenState(record, now) !== 'valid') return tell();
      if (record.expiresAt === null) return;
      timer = this.#clock.after(Math.min(record.expiresAt - now, expiryLookMs), look);
    };
    this.#listeners.set(id, listeners.add(tell));
    look();
    return stop;
  }

  /** Writes what is not written yet. */
  close(): void {
    this.#tokens.writeUses();
  }

  [Symbol.dispose](): void {
    this.close();
  }

  #change(what: string, record: TokenRecord, who: Principal): Token {
    const { id, name, role, rooms, expiresAt } = record;
    const deed: Deed = { who, what, subject: id, details: { name, role, rooms, expiresAt } };
    this.#store.change(deed, (database) => {
      forgetTokens(database, this.#clock.wallMs());
      writeToken(database, record);
    });
    this.#tokens.keep(record);
    return tokenModel(record, this.#clock.wallMs());
  }
}

function freeName(role: string, taken: ReadonlySet<string>): string {
  let number = 1;
  while (taken.has(`${role}${number}`)) number += 1;
  return `${role}${number}`;
}
