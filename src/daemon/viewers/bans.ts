import type { Logger } from 'pino';
import { type Ban, type Banned, maxBans } from '../../contract/bans.ts';
import type { Clock } from '../../contract/clock.ts';
import { MiroliveError } from '../../contract/errors.ts';
import { newId } from '../../contract/ids.ts';
import { isInNetwork, type Network, networkIn, readAddress, readNetwork } from '../../contract/network.ts';
import type { Principal } from '../../contract/principal.ts';
import type { Out } from '../../contract/signalling.ts';
import { type BanRecord, forgetBans, holdsAt, readBans, writeBan } from '../state/ban-table.ts';
import { bansBeside } from '../state/remembered-bans.ts';
import type { StateStore } from '../state/state-store.ts';

export interface BansOptions {
  readonly store: Pick<StateStore, 'folder' | 'read' | 'change' | 'rememberBans'>;
  readonly clock: Pick<Clock, 'wallMs'>;
  readonly log: Pick<Logger, 'warn'>;
}

/** Somebody who wants to come in. */
export interface Comer {
  readonly address: string;
  /** The id that its browser keeps; null: it said none. */
  readonly browser: string | null;
  readonly room: string;
}

/** The same with all that a ban may know it by. */
export interface MarkedComer extends Comer {
  /** The id that its pass has; null: it came by none. */
  readonly guest: string | null;
}

/** A new ban. */
export interface NewBan extends Pick<Ban, 'banned' | 'room' | 'reason'> {
  readonly forMs: number | null;
}

/** A ban in memory. */
interface Held {
  readonly record: BanRecord;
  /** null: it is of a browser, or of a guest. */
  readonly network: Network | null;
}

/** Who may not come in: held in memory, so that it holds while the state cannot be read; a change is written first. */
export class Bans {
  readonly #options: BansOptions;
  /** By their ids, the newest last. */
  readonly #held = new Map<string, Held>();
  /** The same by whom they keep out: however many there are, few are looked at. */
  readonly #bySubject = new Map<string, Set<Held>>();
  /** How networks are told that are banned, or were. */
  readonly #widths = new Map<string, Pick<Network, 'family' | 'prefix'>>();
  /** They were read from the state. */
  #isRead = false;

  private constructor(options: BansOptions) {
    this.#options = options;
  }

  static create(options: BansOptions): Bans {
    const bans = new Bans(options);
    bans.look();
    return bans;
  }

  /** Reads them from the state, where that could not be done yet; until then what stands beside it holds. */
  look(): void {
    if (this.#isRead) return;
    const { store, log } = this.#options;
    try {
      this.#hold(store.read(readBans));
      this.#isRead = true;
    } catch (error) {
      if (this.#held.size > 0) return;
      this.#hold(bansBeside(store.folder));
      log.warn({ err: error }, `bans could not be read; ${this.#held.size} that stand beside the state hold`);
    }
  }

  /** The ban that keeps somebody out; null: none does. The longest, where there are several. */
  find({ address, browser, guest, room }: MarkedComer): Ban | null {
    if (this.#held.size === 0) return null;
    const nowMs = this.#options.clock.wallMs();
    const from = readAddress(address);
    const networks = [...this.#widths.values()].flatMap((width) => (from && networkIn(from, width)) ?? []);
    const keys = networks.map(networkKey);
    if (browser !== null) keys.push(browserKey(browser));
    if (guest !== null) keys.push(guestKey(guest));
    const longest = keys
      .flatMap((key) => [...(this.#bySubject.get(key) ?? [])])
      .filter(({ record }) => (record.room === null || record.room === room) && holdsAt(record, nowMs))
      .toSorted((one, other) => endOf(other.record) - endOf(one.record))[0];
    return longest ? model(longest.record) : null;
  }

  /** Those that hold, in one room or all, the newest last. */
  list(room?: string): Ban[] {
    const nowMs = this.#options.clock.wallMs();
    return [...this.#held.values()]
      .filter(({ record }) => holdsAt(record, nowMs))
      .filter(({ record }) => room === undefined || record.room === null || record.room === room)
      .map(({ record }) => model(record));
  }

  /**
   * Bans somebody, or changes how long and why. The deed names the ban, and no address.
   *
   * @throws MiroliveError STATE_UNAVAILABLE, LIMIT_REACHED
   */
  add({ banned, room, reason, forMs }: NewBan, caller: Principal): Ban {
    const { kind } = banned;
    const row = rowOf(banned);
    const { clock } = this.#options;
    const madeAt = clock.wallMs();
    const holding = [...this.#held.values()].filter(({ record }) => holdsAt(record, madeAt));
    const before = holding.find(
      ({ record }) => record.kind === kind && record.subject === row.subject && record.room === room,
    );
    if (!before && holding.length >= maxBans)
      throw new MiroliveError('LIMIT_REACHED', `expected at most ${maxBans} bans`, {
        hint: 'Lift some, or ban a network: mirolive viewers bans',
      });
    const id = before?.record.id ?? newId('x');
    const expiresAt = forMs === null ? null : madeAt + forMs;
    // By its id alone a guest is the one that he was.
    const marks = {
      link: row.link ?? before?.record.link ?? null,
      browser: row.browser ?? before?.record.browser ?? null,
    };
    const record: BanRecord = { id, kind, ...row, ...marks, room, reason, madeAt, expiresAt, liftedAt: null };
    this.#write('ban', record, { kind, forMs }, caller);
    return model(record);
  }

  /** @throws MiroliveError BAN_NOT_FOUND, STATE_UNAVAILABLE */
  lift(id: string, caller: Principal): Ban {
    const nowMs = this.#options.clock.wallMs();
    const found = this.#held.get(id);
    if (!found || !holdsAt(found.record, nowMs))
      throw new MiroliveError('BAN_NOT_FOUND', `there is no ban ${id}, or it is over`);
    this.#write('unban', { ...found.record, liftedAt: nowMs }, {}, caller);
    return model(found.record);
  }

  #write(what: string, record: BanRecord, details: Record<string, unknown>, who: Principal): void {
    const { store, clock } = this.#options;
    // What the state has, where it could not be read until now.
    this.look();
    const { id, room } = record;
    store.change({ who, what, subject: id, room, details }, (database) => {
      forgetBans(database, clock.wallMs());
      writeBan(database, record);
    });
    store.rememberBans();
    this.#change(record);
  }

  #hold(records: readonly BanRecord[]): void {
    for (const id of [...this.#held.keys()]) this.#drop(id);
    for (const record of records) this.#take(record);
  }

  /** One is another now, or new; those that are over go. */
  #change(record: BanRecord): void {
    const nowMs = this.#options.clock.wallMs();
    const over = [...this.#held.values()].filter((one) => !holdsAt(one.record, nowMs));
    for (const one of over) this.#drop(one.record.id);
    this.#take(record);
  }

  #take(record: BanRecord): void {
    this.#drop(record.id);
    if (!holdsAt(record, this.#options.clock.wallMs())) return;
    const network = record.kind === 'network' ? readNetwork(record.subject) : null;
    if (record.kind === 'network' && network === null) return;
    const held = { record, network };
    this.#held.set(record.id, held);
    if (network) this.#widths.set(`${network.family}/${network.prefix}`, network);
    for (const key of keysOf(held)) {
      const same = this.#bySubject.get(key) ?? new Set();
      this.#bySubject.set(key, same.add(held));
    }
  }

  #drop(id: string): void {
    const held = this.#held.get(id);
    if (!held) return;
    this.#held.delete(id);
    for (const key of keysOf(held)) {
      const same = this.#bySubject.get(key);
      same?.delete(held);
      if (same?.size === 0) this.#bySubject.delete(key);
    }
  }
}

/** Tells whom a ban keeps out while it holds. */
export function keptOutBy({ banned, room }: Ban): (comer: MarkedComer) => boolean {
  const network = banned.kind === 'network' ? readNetwork(banned.network) : null;
  return (comer) => {
    if (room !== null && room !== comer.room) return false;
    if (banned.kind === 'guest' && banned.guest === comer.guest) return true;
    if (banned.kind !== 'network') return banned.browser !== null && banned.browser === comer.browser;
    return network !== null && isInNetwork(network, readAddress(comer.address));
  };
}

/** By which it is found. */
function keysOf({ record: { kind, subject, browser }, network }: Held): string[] {
  if (network) return [networkKey(network)];
  if (kind === 'browser') return [browserKey(subject)];
  return [guestKey(subject), ...(browser === null ? [] : [browserKey(browser)])];
}

function guestKey(id: string): string {
  return `guest:${id}`;
}

function browserKey(id: string): string {
  return `browser:${id}`;
}

function networkKey({ family, prefix, bits }: Pick<Network, 'family' | 'prefix' | 'bits'>): string {
  return `${family}/${prefix}/${bits}`;
}

function endOf({ expiresAt }: BanRecord): number {
  return expiresAt ?? Number.POSITIVE_INFINITY;
}

/** Who is banned, as it is kept. */
function rowOf(banned: Banned): Pick<BanRecord, 'subject' | 'link' | 'browser'> {
  switch (banned.kind) {
    case 'guest':
      return { subject: banned.guest, link: banned.link, browser: banned.browser };
    case 'browser':
      return { subject: banned.browser, link: null, browser: null };
    case 'network':
      return { subject: banned.network, link: null, browser: null };
  }
}

function bannedBy({ kind, subject, link, browser }: BanRecord): Banned {
  switch (kind) {
    case 'guest':
      return { kind, guest: subject, link, browser };
    case 'browser':
      return { kind, browser: subject };
    case 'network':
      return { kind, network: subject };
  }
}

function model(record: BanRecord): Ban {
  const { id, room, reason, madeAt, expiresAt } = record;
  return {
    ...{ id, banned: bannedBy(record), room, reason },
    at: new Date(madeAt).toISOString(),
    until: expiresAt === null ? null : new Date(expiresAt).toISOString(),
  };
}

/** Somebody is not let in; why, and until when, its page may say. */
export class BannedError extends MiroliveError {
  readonly out: Out;

  constructor({ reason, until, room }: Ban) {
    const where = room === null ? 'this server' : `room ${room}`;
    const words = [reason === null ? '' : `: ${reason}`, until === null ? '' : ` (until ${until})`].join('');
    super('VIEWER_BANNED', `whoever asks is banned from ${where}${words}`);
    this.out = { why: 'banned', reason, untilMs: until === null ? null : Date.parse(until) };
  }
}
