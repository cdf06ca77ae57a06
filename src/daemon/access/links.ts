import { randomBytes } from 'node:crypto';
import type { CallInput } from '../../contract/api.ts';
import { type Clock, systemClock } from '../../contract/clock.ts';
import { asMiroliveError, MiroliveError } from '../../contract/errors.ts';
import { newId } from '../../contract/ids.ts';
import type { Link } from '../../contract/links.ts';
import type { Principal } from '../../contract/principal.ts';
import type { Deed } from '../state/audit-log.ts';
import { HeldRecords } from '../state/held-records.ts';
import type { StateStore } from '../state/state-store.ts';
import { type Guest, type Known, passOf, readPass } from './guest-pass.ts';
import { isOfUse, isPast, type LinkRecord, linkModel, linkState } from './link-record.ts';
import { forgetLinks, readLinks, writeLink } from './link-table.ts';
import { newLinkSecret, tokenHash } from './token-secret.ts';

/** That links were used is written for all of them at once, this long after the first, in ms: no page waits for the disk. */
const noteUseAfterMs = 5000;
/** So many by which somebody may come, or come back. */
const maxLinks = 10_000;

/** Somebody at the door. */
export interface Entrance {
  readonly guest: Exclude<Known, null>;
  /** He comes in, after all that took a while. @throws MiroliveError LINK_NEEDED where that is not good any more */
  readonly take: () => void;
}

/**
 * By which people come into rooms that are not open to everybody. Held in memory, and found by their hashes; a change is written
 * first, and where that fails nothing has changed. A use of one that bears few is written first, too: it is not spent twice.
 */
export class Links {
  readonly #store: StateStore;
  readonly #clock: Clock;
  readonly #links: HeldRecords<LinkRecord>;
  /** Ids by hash. */
  readonly #byHash = new Map<string, string>();
  /** Those who hear that a link is revoked. */
  readonly #listeners = new Set<(id: string) => void>();

  private constructor(store: StateStore, clock: Clock) {
    this.#store = store;
    this.#clock = clock;
    this.#links = new HeldRecords({
      ...{ store, clock, read: readLinks, write: writeLink, noteUseAfterMs },
      onKept: ({ hash, id }) => this.#byHash.set(hash, id),
    });
  }

  /** Reads the links; where that fails it is tried again when they are needed. */
  static create(store: StateStore, clock: Clock = systemClock): Links {
    const links = new Links(store, clock);
    links.#links.loadIfDue();
    return links;
  }

  /** @throws MiroliveError LIMIT_REACHED, STATE_UNAVAILABLE */
  create(
    { room, name, expiresMs, maxUses }: CallInput<'createLink'>,
    by: Principal,
  ): { readonly link: Link; readonly secret: string } {
    this.#links.load();
    const now = this.#clock.wallMs();
    this.#forgetPast(now);
    if (this.#links.all.filter((one) => isOfUse(one, now)).length >= maxLinks)
      throw new MiroliveError('LIMIT_REACHED', `there are ${maxLinks} links already`, {
        hint: 'Revoke what nobody needs: mirolive links list',
      });
    const secret = newLinkSecret();
    const record: LinkRecord = {
      ...{ id: newId('l'), room, name, maxUses, uses: 0 },
      ...{ hash: tokenHash(secret), key: randomBytes(32).toString('base64url') },
      ...{ createdAt: now, expiresAt: expiresMs === null ? null : now + expiresMs },
      ...{ lastUsedAt: null, revokedAt: null },
    };
    return { link: this.#change('createLink', record, by), secret };
  }

  /** @throws MiroliveError STATE_UNAVAILABLE */
  list({ room, revoked }: CallInput<'listLinks'>): Link[] {
    this.#links.load();
    return this.#links.all
      .filter((one) => (revoked || one.revokedAt === null) && (room === undefined || one.room === room))
      .map((record) => linkModel(record, this.#clock.wallMs()));
  }

  /** Those who came by it are put out by those who listen, before this returns. @throws MiroliveError LINK_NOT_FOUND, STATE_UNAVAILABLE */
  revoke(id: string, by: Principal): Link {
    this.#links.load();
    const record = this.#links.get(id);
    if (record === undefined || record.revokedAt !== null)
      throw new MiroliveError(
        'LINK_NOT_FOUND',
        record ? `link ${id} is revoked already` : `there is no link ${id}`,
      );
    const model = this.#change('revokeLink', { ...record, revokedAt: this.#clock.wallMs() }, by);
    this.#store.rememberRevoked();
    for (const listener of [...this.#listeners]) listener(id);
    return model;
  }

  /** The room of a link. @throws MiroliveError LINK_NOT_FOUND, STATE_UNAVAILABLE */
  roomOf(id: string): string {
    this.#links.load();
    const record = this.#links.get(id);
    if (record) return record.room;
    throw new MiroliveError('LINK_NOT_FOUND', `there is no link ${id}`);
  }

  /**
   * Somebody comes into a room by the secret of a link: one use of it. Gives the pass that he is known by from now on.
   *
   * @throws MiroliveError LINK_NEEDED where it is none, or none that is valid, of this room; STATE_UNAVAILABLE
   */
  enter(room: string, secret: string): string {
    const { guest, take } = this.#bySecret(room, secret);
    return passOf({ ...guest, id: newId('g') }, take().key);
  }

  /** What somebody has who comes with a pass, or with the secret of a link, which `take` is one use of; null: neither is good for this room. */
  entrance(room: string, bearer: string): Entrance | null {
    const guest = this.guest(room, bearer);
    const look = () => {
      if (this.guest(room, bearer) === null) throw linkNeeded(room, refused.revoked);
    };
    if (guest !== null) return { guest, take: look };
    try {
      return this.#bySecret(room, bearer);
    } catch (error) {
      const { code } = asMiroliveError(error);
      if (code === 'LINK_NEEDED') return null;
      if (code === 'STATE_UNAVAILABLE') return { guest: 'unknown', take: () => {} };
      throw error;
    }
  }

  /** Whom a pass is of, where he may be in this room. Whoever has come by a link may stay while it is not revoked. */
  guest(room: string, pass: string): Known {
    const read = readPass(pass);
    if (!read) return null;
    this.#links.loadIfDue();
    const record = this.#links.get(read.link);
    if (!record) return this.#knowsAll ? null : 'unknown';
    if (record.room !== room || record.revokedAt !== null) return null;
    return read.isSignedBy(record.key) ? { link: read.link, id: read.id } : null;
  }

  /** Whether nobody may be in a room who came by this link. */
  isVoid(id: string): boolean {
    return this.#links.get(id)?.revokedAt !== null;
  }

  /** Whether somebody may come by it who has not; false also where that is not known. */
  isOpen(id: string): boolean {
    const record = this.#links.get(id);
    return record !== undefined && linkState(record, this.#clock.wallMs()) === 'valid';
  }

  /** Hears of each link that is revoked. @returns hears it no more */
  onRevoked(listener: (id: string) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Writes what is not written yet. */
  close(): void {
    this.#links.writeUses();
  }

  [Symbol.dispose](): void {
    this.close();
  }

  /** @throws MiroliveError LINK_NEEDED, STATE_UNAVAILABLE; from `take`, too */
  #bySecret(room: string, secret: string): { readonly guest: Guest; take(): LinkRecord } {
    this.#links.loadIfDue();
    const hash = tokenHash(secret);
    const found = () => {
      const record = this.#links.get(this.#byHash.get(hash) ?? '');
      if (!record && !this.#knowsAll) throw linksUnknown();
      if (record?.room !== room) throw linkNeeded(room, refused.unknown);
      const state = linkState(record, this.#clock.wallMs());
      if (state === 'valid') return record;
      throw linkNeeded(room, refused[state]);
    };
    return { guest: { link: found().id, id: null }, take: () => this.#spend(found()) };
  }

  /** Whether there is no link but those that are known. */
  get #knowsAll(): boolean {
    return this.#links.isLoaded && this.#store.lost === null;
  }

  #forgetPast(now: number): void {
    for (const { id, hash } of this.#links.all.filter((one) => isPast(one, now))) {
      this.#links.forget(id);
      this.#byHash.delete(hash);
    }
  }

  #spend(record: LinkRecord): LinkRecord {
    const used = { ...record, uses: record.uses + 1, lastUsedAt: this.#clock.wallMs() };
    if (record.maxUses !== null) this.#store.write((database) => writeLink(database, used));
    this.#links.keep(used);
    if (record.maxUses === null) this.#links.use(record.id);
    return used;
  }

  #change(what: string, record: LinkRecord, who: Principal): Link {
    const { id, room, name, maxUses, expiresAt } = record;
    const deed: Deed = { who, what, subject: id, room, details: { name, maxUses, expiresAt } };
    this.#store.change(deed, (database) => {
      forgetLinks(database, this.#clock.wallMs());
      writeLink(database, record);
    });
    this.#links.keep(record);
    return linkModel(record, this.#clock.wallMs());
  }
}

/** What is wrong with a link, for whoever came by it. */
const refused = {
  unknown: 'this is no link of this room',
  spent: 'this link has been used as often as it may',
  expired: 'the time of this link is over',
  revoked: 'this link is valid no longer',
} as const;

/** Somebody comes into a room for guests by no link that is good for it. */
export function linkNeeded(room: string, why: string): MiroliveError {
  return new MiroliveError('LINK_NEEDED', why, { details: { room } });
}

/** Nobody can tell who has a link: whoever says that he has comes again later. */
export function linksUnknown(): MiroliveError {
  return new MiroliveError('STATE_UNAVAILABLE', 'who has a watch link cannot be told now');
}
