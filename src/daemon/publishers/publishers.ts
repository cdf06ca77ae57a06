import { EventEmitter } from 'node:events';
import type { Logger } from 'pino';
import { type Clock, systemClock } from '../../contract/clock.ts';
import { type Config, roomConfig } from '../../contract/config.ts';
import { asMiroliveError, MiroliveError } from '../../contract/errors.ts';
import { newId } from '../../contract/ids.ts';
import { roomName } from '../../contract/names.ts';
import { networkOf } from '../../contract/network-of.ts';
import type { LeaveReason, Publisher, PublishProtocol } from '../../contract/publishing.ts';
import type { CameTracks } from '../../ingest/rtmp/calls.ts';
import type { EventHub } from '../event-hub.ts';
import { Rate, Rates } from '../public-server/rate.ts';
import type { Entry } from '../rooms/entry.ts';
import { roomLost } from '../rooms/errors.ts';
import { FloodBackOff } from './flood-back-off.ts';
import { holdsSecret } from './keys/secret.ts';
import type { StreamKeys } from './keys/stream-keys.ts';
import { onceReached } from './once-reached.ts';
import type { PublicationMedia } from './publication-media.ts';

/** Somebody who wants to publish. */
export interface Applicant {
  readonly room: string;
  /** The secret of the stream key, as it came. */
  readonly secret: string;
  readonly protocol: PublishProtocol;
  readonly address: string;
  /** Ends its connection; called at most once, and not after `release`. */
  readonly end: (reason: LeaveReason) => void;
}

/** Somebody who may publish. */
export type AdmittedPublisher = Omit<Publisher, 'state'>;

/**
 * Bounds how often failures from one address are told: an encoder with a wrong key tries again for ever. Keys are too long to
 * be guessed, so that a valid one is taken at any time.
 */
const toldFailures = { perSecond: 0.1, burst: 5 };
const floodHint = 'Set a lower bit rate in the encoder, or raise limits.sourceBitrate in the configuration';
/** Of what somebody gives for the name of a room. */
const maxToldChars = 60;
/** Of those who may publish with one key and have sent nothing yet; one more, and the oldest of them goes. */
const maxPendingPerKey = 4;

/** Who was refused. */
type Told = Pick<Applicant, 'protocol' | 'address'> & { readonly room: string | null };

interface PublisherEvents {
  /** Its media can be had. */
  published: [AdmittedPublisher, PublicationMedia];
  /** It can be had no longer. Comes once for each `published`. */
  gone: [AdmittedPublisher, LeaveReason];
  /** More of its tracks have come. */
  tracks: [AdmittedPublisher, CameTracks];
  /** Nothing comes from it, or something does again. */
  silent: [AdmittedPublisher, boolean];
}

interface PublisherEntry {
  readonly publisher: AdmittedPublisher;
  readonly keyId: string;
  readonly end: Applicant['end'];
  /** Stops waiting for the end of its key's time. */
  stop: () => void;
  begun: boolean;
  silent: boolean;
}

export interface PublishersOptions {
  readonly config: Pick<Config, 'rooms'>;
  readonly keys: StreamKeys;
  /** Whether a room lets anybody in. Default: all let in publishers. */
  readonly entry?: (room: string) => Entry;
  readonly hub: EventHub;
  readonly log: Logger;
  readonly clock?: Clock;
}

/**
 * Who publishes into which room, by whatever protocol: `admit` when somebody comes, `begin` once its media is there,
 * `release` when it is gone. Until it has begun it holds nothing: it neither keeps others with its key out, nor ends them.
 * A key that becomes void ends its publisher at once.
 */
export class Publishers extends EventEmitter<PublisherEvents> {
  readonly #options: PublishersOptions;
  readonly #entries = new Map<string, PublisherEntry>();
  readonly #clock: Clock;
  readonly #failures: Rates;
  /** The same of who never said where to publish, by networks and in all: anybody may be that, from many of them. */
  readonly #strangers: Rates;
  readonly #allStrangers: Rate;
  /** And of who has a key, by that. */
  readonly #codecs: Rates;
  readonly #floods: FloodBackOff;
  readonly #onVoid = (keyId: string, reason: 'revoked' | 'rotated') => this.#endKey(keyId, reason);
  readonly #onExpires = (keyId: string, at: number | null) => {
    for (const [id, entry] of this.#entries) {
      if (entry.keyId !== keyId) continue;
      entry.stop();
      entry.stop = onceReached(this.#clock, at, () => this.end(id, 'expired'));
    }
  };

  constructor(options: PublishersOptions) {
    super();
    this.#options = options;
    const { clock = systemClock } = options;
    this.#clock = clock;
    this.#failures = new Rates({ ...toldFailures, clock });
    this.#strangers = new Rates({ ...toldFailures, clock });
    this.#allStrangers = new Rate({ perSecond: 1, burst: 20, clock });
    this.#codecs = new Rates({ ...toldFailures, clock });
    this.#floods = new FloodBackOff(clock);
    options.keys.on('void', this.#onVoid);
    options.keys.on('expires', this.#onExpires);
  }

  /**
   * Lets somebody publish, or throws: the error is for the operator, who is told already; the publisher should hear no more
   * than that it is refused, since the reason would tell a stranger which keys there are. PUBLISHER_CONFLICT and LIMIT_REACHED
   * come with a valid key only, and may be told.
   *
   * @throws MiroliveError PUBLISHER_UNCLEAR, KEY_UNKNOWN, KEY_EXPIRED, KEY_REVOKED, PUBLISHER_CONFLICT, LIMIT_REACHED, STATE_UNAVAILABLE, STATE_LOST
   */
  admit(applicant: Applicant): AdmittedPublisher {
    try {
      return this.#admit(applicant);
    } catch (thrown) {
      this.#refused(applicant, asMiroliveError(thrown));
      throw thrown;
    }
  }

  /** Somebody came who did not say where to publish: the operator is told. */
  turnAway(who: Pick<Applicant, 'protocol' | 'address'>, error: MiroliveError): void {
    if (this.#strangers.spend(networkOf(who.address)) && this.#allStrangers.spend())
      this.#tellRefused({ ...who, room: null }, error);
  }

  /** Its media is there: whoever publishes with its key makes room now, or it is too late itself, and is ended. */
  begin(id: string, media: PublicationMedia): void {
    const entry = this.#entries.get(id);
    if (!entry || entry.begun) return;
    const { publisher, keyId } = entry;
    try {
      this.#mayTakeOver(keyId, publisher.key);
    } catch (thrown) {
      this.#refused(publisher, asMiroliveError(thrown));
      this.end(id, 'takeover');
      return;
    }
    const sameKey = [...this.#entries.values()].filter((one) => one.keyId === keyId);
    // Who came before it with its key, and connects only now or later, is late.
    for (const older of sameKey.slice(0, sameKey.indexOf(entry))) this.end(older.publisher.id, 'takeover');
    entry.begun = true;
    this.#floods.began(keyId);
    this.#options.hub.announce({ type: 'publisher.joined', room: publisher.room, publisher: model(entry) });
    this.emit('published', publisher, media);
  }

  /** More of its tracks have come. */
  setTracks(id: string, tracks: CameTracks): void {
    const entry = this.#entries.get(id);
    if (entry?.begun) this.emit('tracks', entry.publisher, tracks);
  }

  /** Nothing comes from it any more, although it is connected; or it does again. */
  setSilent(id: string, silent: boolean): void {
    const entry = this.#entries.get(id);
    if (!entry || entry.silent === silent) return;
    entry.silent = silent;
    if (!entry.begun) return;
    const { publisher } = entry;
    const { room, key } = publisher;
    this.#options.hub.announce({ type: silent ? 'publisher.silent' : 'publisher.heard', room, id, key });
    this.emit('silent', publisher, silent);
  }

  /** It sends a codec that is not taken: the operator is told what to set, and it is ended. */
  refuseCodec(id: string, codec: string): void {
    const entry = this.#entries.get(id);
    if (!entry) return;
    const { key } = entry.publisher;
    const words = `expected ${key} to send H.264 and AAC by RTMP, got ${codec}`;
    if (this.#codecs.spend(entry.keyId))
      this.#tellRefused(entry.publisher, new MiroliveError('PUBLISHER_CODEC', words));
    this.end(id, 'codec');
  }

  /** It is gone; harmless where it is known to be. */
  release(id: string, reason: LeaveReason = 'left'): void {
    const entry = this.#entries.get(id);
    if (!entry) return;
    this.#entries.delete(id);
    entry.stop();
    const { publisher } = entry;
    const { room, key } = publisher;
    if (reason === 'tooMuch') {
      this.#floods.flooded(entry.keyId);
      this.#options.log.warn({ id, room, key, hint: floodHint }, 'publisher ended: it sent too much');
    }
    if (!entry.begun) return;
    this.#options.hub.announce({ type: 'publisher.left', room, id, key, reason });
    this.emit('gone', publisher, reason);
  }

  /** Ends its connection. */
  end(id: string, reason: LeaveReason): void {
    const entry = this.#entries.get(id);
    if (!entry) return;
    this.release(id, reason);
    entry.end(reason);
  }

  /** Who publishes, the longest first. */
  list(room?: string): Publisher[] {
    return [...this.#entries.values()]
      .filter(({ begun, publisher }) => begun && (room === undefined || publisher.room === room))
      .map(model);
  }

  /** Ends all of them. */
  close(): void {
    this.#options.keys.off('void', this.#onVoid);
    this.#options.keys.off('expires', this.#onExpires);
    for (const id of [...this.#entries.keys()]) this.end(id, 'shutdown');
  }

  [Symbol.dispose](): void {
    this.close();
  }

  #admit({ room, secret, protocol, address, end }: Applicant): AdmittedPublisher {
    const { keys, entry } = this.#options;
    const named = roomName.safeParse(room);
    if (!named.success) {
      throw new MiroliveError('PUBLISHER_UNCLEAR', `expected the name of a room, got ${roomWords(room)}`);
    }
    if (entry?.(named.data) === 'lost') throw roomLost(named.data);
    const key = keys.find(named.data, secret);
    const waitMs = this.#floods.waitMs(key.id);
    if (waitMs > 0) throw flooded(key.name, named.data, waitMs);
    this.#mayTakeOver(key.id, key.name);
    const pending = [...this.#entries.values()].filter(({ begun, keyId }) => !begun && keyId === key.id);
    const [oldest] = pending;
    if (oldest && pending.length >= maxPendingPerKey) this.end(oldest.publisher.id, 'takeover');
    const since = new Date(this.#clock.wallMs()).toISOString();
    const publisher = { id: newId('p'), room, key: key.name, protocol, address, since };
    const { id } = publisher;
    const stop = onceReached(this.#clock, key.expiresAt, () => this.end(id, 'expired'));
    this.#entries.set(id, { publisher, keyId: key.id, end, stop, begun: false, silent: false });
    keys.used(key.id);
    return publisher;
  }

  /** Whether another one may publish with this key. @throws MiroliveError PUBLISHER_CONFLICT */
  #mayTakeOver(keyId: string, key: string): void {
    const rival = this.#entries.values().find((entry) => entry.begun && entry.keyId === keyId);
    // One that is not heard any more is often the same encoder, whose connection broke.
    if (!rival || rival.silent) return;
    if (roomConfig(this.#options.config, rival.publisher.room).onConflict !== 'takeover')
      throw conflict(key, rival.publisher);
  }

  #refused(applicant: Told, error: MiroliveError): void {
    if (this.#failures.spend(networkOf(applicant.address))) this.#tellRefused(applicant, error);
  }

  #tellRefused({ room, protocol, address }: Told, error: MiroliveError): void {
    const { code, message, hint } = error;
    // What is no name of a room may be anything, and of any length.
    const named = roomName.safeParse(room).data ?? null;
    const type = 'publisher.refused';
    this.#options.log.warn(
      { type, room: named, protocol, address, code, hint },
      `publisher refused: ${message}`,
    );
    this.#options.hub.announce({ type, room: named, protocol, address, code, message });
  }

  #endKey(keyId: string, reason: LeaveReason): void {
    this.#floods.forget(keyId);
    for (const entry of [...this.#entries.values()]) {
      if (entry.keyId === keyId) this.end(entry.publisher.id, reason);
    }
  }
}

function model({ publisher, silent }: PublisherEntry): Publisher {
  return { ...publisher, state: silent ? 'silent' : 'live' };
}

/** What came for the name of a room; a key that was typed there is told to nobody. */
function roomWords(room: string): string {
  if (holdsSecret(room)) return 'a stream key';
  return room === '' ? 'nothing' : JSON.stringify(room.slice(0, maxToldChars));
}

function flooded(key: string, room: string, waitMs: number): MiroliveError {
  return new MiroliveError(
    'LIMIT_REACHED',
    `stream key ${key} of room ${room} sent more than limits.sourceBitrate; it may come back in ${Math.ceil(waitMs / 1000)} s`,
    { hint: floodHint },
  );
}

function conflict(key: string, { room, address, protocol }: AdmittedPublisher): MiroliveError {
  return new MiroliveError(
    'PUBLISHER_CONFLICT',
    `somebody publishes with stream key ${key} of room ${room} already, from ${address} by ${protocol}`,
  );
}
