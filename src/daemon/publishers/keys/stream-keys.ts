import { EventEmitter } from 'node:events';
import { type Clock, systemClock } from '../../../contract/clock.ts';
import { MiroliveError } from '../../../contract/errors.ts';
import { newId } from '../../../contract/ids.ts';
import type { Principal } from '../../../contract/principal.ts';
import type { StreamKey } from '../../../contract/publishing.ts';
import type { Deed } from '../../state/audit-log.ts';
import { HeldRecords } from '../../state/held-records.ts';
import type { StateStore } from '../../state/state-store.ts';
import { type KeyRecord, keyModel, keyState } from './key-record.ts';
import { forgetKeys, readKeys, writeKey } from './key-table.ts';
import { hashOf, newSecret } from './secret.ts';

/** That keys were used is written for all of them at once, this long after the first, in ms: an encoder that flaps costs no more. */
const noteUseAfterMs = 30_000;

/** Who changes keys where nobody says who it is. */
const somebody: Principal = { kind: 'socket', user: null };

/** A key with its secret, at the one moment that it is known. */
export interface MadeKey {
  readonly key: StreamKey;
  readonly secret: string;
}

interface KeyEvents {
  /** A key, or the secret that it had, is valid no longer. */
  void: [id: string, reason: 'revoked' | 'rotated'];
  /** A key is valid for another time. @param at in ms since 1970; null: for ever */
  expires: [id: string, at: number | null];
}

/**
 * The stream keys of all rooms. They are held in memory, so that encoders may publish while the state cannot be read; a
 * change is written first, and where that fails nothing has changed.
 */
export class StreamKeys extends EventEmitter<KeyEvents> {
  readonly #store: StateStore;
  readonly #clock: Clock;
  readonly #keys: HeldRecords<KeyRecord>;
  /** Ids by room: whether a room has keys is asked at each join. */
  readonly #idsIn = new Map<string, Set<string>>();

  private constructor(store: StateStore, clock: Clock) {
    super();
    this.#store = store;
    this.#clock = clock;
    this.#keys = new HeldRecords({
      ...{ store, clock, read: readKeys, write: writeKey, noteUseAfterMs },
      onKept: ({ room, id }) => this.#idsIn.set(room, (this.#idsIn.get(room) ?? new Set()).add(id)),
    });
  }

  /** Reads the keys; where that fails it is tried again when they are needed. */
  static create(store: StateStore, clock: Clock = systemClock): StreamKeys {
    const keys = new StreamKeys(store, clock);
    keys.#keys.loadIfDue();
    return keys;
  }

  /** @throws MiroliveError KEY_EXISTS, STATE_UNAVAILABLE */
  create(
    options: { room: string; name?: string | undefined; expiresMs: number | null },
    by: Principal = somebody,
  ): MadeKey {
    this.#keys.load();
    const { room, name = this.#freeName(room), expiresMs } = options;
    const other = this.#inRoom(room).find((key) => key.name === name && key.revokedAt === null);
    if (other) {
      throw new MiroliveError('KEY_EXISTS', `room ${room} has a stream key ${name} already`, {
        details: { id: other.id },
      });
    }
    const now = this.#clock.wallMs();
    const secret = newSecret();
    const record: KeyRecord = {
      id: newId('k'),
      room,
      name,
      hash: hashOf(secret),
      previousHash: null,
      createdAt: now,
      expiresAt: expiresMs === null ? null : now + expiresMs,
      lastUsedAt: null,
      revokedAt: null,
      appliedBy: null,
    };
    return { key: this.#change('createKey', record, by), secret };
  }

  /** @throws MiroliveError STATE_UNAVAILABLE */
  list({ room, revoked }: { room?: string | undefined; revoked: boolean }): StreamKey[] {
    this.#keys.load();
    return this.#keys.all
      .filter((key) => (room === undefined || key.room === room) && (revoked || key.revokedAt === null))
      .map((key) => keyModel(key, this.#clock.wallMs()));
  }

  /** All of them, also those that are revoked. @throws MiroliveError STATE_UNAVAILABLE */
  records(): KeyRecord[] {
    this.#keys.load();
    return [...this.#keys.all];
  }

  /** Keys that were written besides: who publishes with a secret that is void by it is cut off, and others for as long as theirs are valid now. */
  takeUp(records: readonly KeyRecord[]): void {
    const before = new Map(this.#keys.all.map((key) => [key.id, key]));
    for (const record of records) this.#keys.keep(record);
    this.#store.rememberRevoked();
    for (const { id, hash, revokedAt, expiresAt } of records) {
      const known = before.get(id);
      if (revokedAt !== null) this.emit('void', id, 'revoked');
      else if (known && known.hash !== hash) this.emit('void', id, 'rotated');
      else if (known && known.expiresAt !== expiresAt) this.emit('expires', id, expiresAt);
    }
  }

  /** Whether a room has any that is not revoked, as far as they could be read. */
  areOf(room: string): boolean {
    return this.#inRoom(room).some(({ revokedAt }) => revokedAt === null);
  }

  /** @throws MiroliveError KEY_NOT_FOUND, STATE_UNAVAILABLE */
  revoke(id: string, by: Principal = somebody): StreamKey {
    const record = { ...this.#known(id), revokedAt: this.#clock.wallMs() };
    const model = this.#change('revokeKey', record, by);
    this.#store.rememberRevoked();
    this.emit('void', id, 'revoked');
    return model;
  }

  /**
   * Gives a key another secret.
   *
   * @param expiresMs for how long it is valid from now on; undefined: as before
   * @throws MiroliveError KEY_NOT_FOUND, KEY_EXPIRED, STATE_UNAVAILABLE
   */
  rotate(id: string, expiresMs: number | undefined, by: Principal = somebody): MadeKey {
    const key = this.#known(id);
    const now = this.#clock.wallMs();
    const expiresAt = expiresMs === undefined ? key.expiresAt : now + expiresMs;
    if (expiresAt !== null && expiresAt <= now) throw expired(key);
    const secret = newSecret();
    const record = { ...key, hash: hashOf(secret), previousHash: key.hash, expiresAt };
    const model = this.#change('rotateKey', record, by);
    this.#store.rememberRevoked();
    this.emit('void', id, 'rotated');
    return { key: model, secret };
  }

  /**
   * The key that a secret is of.
   *
   * @throws MiroliveError KEY_UNKNOWN, KEY_EXPIRED, KEY_REVOKED, STATE_UNAVAILABLE: for the operator; whoever came with the
   * secret should hear no more than that it is refused
   */
  find(room: string, secret: string): KeyRecord {
    this.#keys.loadIfDue();
    const hash = hashOf(secret);
    const key = this.#keys.all.find((candidate) => candidate.hash === hash);
    if (key?.room === room) {
      const state = keyState(key, this.#clock.wallMs());
      if (state === 'valid') return key;
      throw state === 'expired' ? expired(key) : revoked(key, 'is revoked');
    }
    if (key) throw unknown(room, `it is ${key.name} of room ${key.room}`);
    const rotated = this.#inRoom(room).find((candidate) => candidate.previousHash === hash);
    if (rotated) throw revoked(rotated, 'has another secret now');
    if (!this.#keys.isLoaded) {
      throw new MiroliveError('STATE_UNAVAILABLE', this.#store.problem ?? 'the stream keys cannot be read');
    }
    throw unknown(room, secret === '' ? 'it came without a stream key' : 'there is no such key');
  }

  /** Somebody publishes with a key. Where that cannot be written, nothing but the time of its last use is lost. */
  used(id: string): void {
    this.#keys.use(id);
  }

  /** Writes what is not written yet. */
  close(): void {
    this.#keys.writeUses();
  }

  [Symbol.dispose](): void {
    this.close();
  }

  #change(what: string, record: KeyRecord, who: Principal): StreamKey {
    const { id, room, name, expiresAt } = record;
    const deed: Deed = { who, what, subject: id, room, details: { name, expiresAt } };
    this.#store.change(deed, (database) => {
      forgetKeys(database, this.#clock.wallMs());
      writeKey(database, record);
    });
    this.#keys.keep(record);
    return keyModel(record, this.#clock.wallMs());
  }

  #known(id: string): KeyRecord {
    this.#keys.load();
    const key = this.#keys.get(id);
    if (key && key.revokedAt === null) return key;
    throw new MiroliveError(
      'KEY_NOT_FOUND',
      key ? `stream key ${id} is revoked already` : `there is no stream key ${id}`,
    );
  }

  #inRoom(room: string): KeyRecord[] {
    return [...(this.#idsIn.get(room) ?? [])].flatMap((id) => this.#keys.get(id) ?? []);
  }

  #freeName(room: string): string {
    const taken = new Set(this.#inRoom(room).flatMap((key) => (key.revokedAt === null ? [key.name] : [])));
    let number = 1;
    while (taken.has(`cam${number}`)) number += 1;
    return `cam${number}`;
  }
}

function expired({ id, name, room }: KeyRecord): MiroliveError {
  return new MiroliveError('KEY_EXPIRED', `the time of stream key ${name} of room ${room} is over`, {
    details: { id },
  });
}

function revoked({ name, room }: KeyRecord, what: string): MiroliveError {
  return new MiroliveError('KEY_REVOKED', `stream key ${name} of room ${room} ${what}`, {
    details: { room },
  });
}

function unknown(room: string, why: string): MiroliveError {
  return new MiroliveError('KEY_UNKNOWN', `expected a stream key of room ${room}: ${why}`, {
    details: { room },
  });
}
