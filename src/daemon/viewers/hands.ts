import type { Clock, Timer } from '../../contract/clock.ts';
import { MiroliveError } from '../../contract/errors.ts';
import type { Hand, RaisedHand } from '../../contract/models.ts';
import type { EventHub } from '../event-hub.ts';
import { type HandRecord, readHands, removeHand, removeHands, writeHand } from '../state/hands.ts';
import type { StateStore } from '../state/state-store.ts';

/** In one room: more are no queue that somebody calls people from. */
const mostInRoom = 500;
/** Of one address, of IPv6 its /64: nobody takes the whole queue. */
const mostOfNetwork = 50;
/** Whose line is lost for less keeps his place, in ms. */
const awayMs = 30_000;
/** After a start pages come back one after the other, in ms. */
const backAfterStartMs = 90_000;
/** Written for all that change within this, in ms: no page waits for the disk. */
const writtenAfterMs = 200;
/** Where it could not be, in ms. */
const writtenAgainAfterMs = 10_000;

type Lowered = 'self' | 'operator' | 'left' | 'off';

export interface HandsOptions {
  readonly store: Pick<StateStore, 'read' | 'note'>;
  readonly hub: Pick<EventHub, 'announce'>;
  readonly clock: Clock;
  /** Whether hands are raised in a room. */
  readonly isOn: (room: string) => boolean;
}

/** Who raises a hand, and from where. */
export interface Raising extends Pick<HandRecord, 'id' | 'room' | 'name'> {
  /** As `networkOf` gives it. */
  readonly network: string;
}

interface Raised extends HandRecord {
  /** null: an earlier daemon knew it. */
  readonly network: string | null;
  /** He is away, and his hand goes down by this; null: he is there. */
  readonly away: Timer | null;
}

/**
 * Who wants to be heard: a queue for each room, in the order in which the daemon heard of it. Whoever loses his line, or the daemon, has his
 * place for a while.
 */
export class Hands {
  readonly #options: HandsOptions;
  readonly #raised = new Map<string, Raised>();
  /** What is to be written: who has his hand up, or has not any more. */
  readonly #unwritten = new Set<string>();
  #timer: Timer | undefined;
  /** What is kept is what was up when it was last written; else it is of an earlier time. */
  #isWritten = false;
  #closed = false;
  #listener: (id: string) => void = () => {};

  constructor(options: HandsOptions) {
    this.#options = options;
    for (const record of this.#kept())
      this.#raised.set(record.id, {
        ...{ ...record, network: null, away: this.#lowerAfter(record.id, backAfterStartMs) },
      });
    // That may have been set while no daemon ran.
    this.look();
  }

  /** Whether they are raised in a room. */
  isOn(room: string): boolean {
    return this.#options.isOn(room);
  }

  /** Somebody hears of each that goes up or down, when it has. */
  tell(listener: (id: string) => void): void {
    this.#listener = listener;
  }

  /** Those that are up, the first first. */
  list(room?: string): Hand[] {
    return [...this.#raised.values()]
      .filter((one) => room === undefined || one.room === room)
      .map(({ id, room: where, away, ...up }) => ({ id, room: where, ...shown(up), here: away === null }));
  }

  /** His hand; null: it is not up. */
  of(id: string): RaisedHand | null {
    const raised = this.#raised.get(id);
    return raised ? shown(raised) : null;
  }

  /** He raises it, who is there; where it is up it stays where it is in the queue. @throws MiroliveError HANDS_OFF, LIMIT_REACHED */
  raise({ id, room, name, network }: Raising): void {
    const { clock, hub, isOn } = this.#options;
    if (!isOn(room))
      throw new MiroliveError('HANDS_OFF', `hands are not raised in ${room}`, { details: { room } });
    if (this.#raised.has(id)) return;
    this.#makeRoom(room, network);
    this.#raised.set(id, { id, room, name, network, raisedAt: clock.wallMs(), away: null });
    this.#changed(id);
    hub.announce({ type: 'hand.raised', room, id, name });
  }

  /** One goes down; whether it was up. */
  lower(id: string, why: Lowered): boolean {
    const raised = this.#raised.get(id);
    if (!raised) return false;
    raised.away?.cancel();
    this.#raised.delete(id);
    this.#changed(id);
    const { room, name } = raised;
    this.#options.hub.announce({ type: 'hand.lowered', room, id, name, why });
    return true;
  }

  /** He has come, or come back, from a network. */
  here(id: string, network: string): void {
    const raised = this.#raised.get(id);
    raised?.away?.cancel();
    if (raised) this.#raised.set(id, { ...raised, network, away: null });
  }

  /** He has left, or his line is lost: nobody can tell. */
  away(id: string): void {
    const raised = this.#raised.get(id);
    if (raised && !raised.away && !this.#closed)
      this.#raised.set(id, { ...raised, away: this.#lowerAfter(id, awayMs) });
  }

  /** In some rooms hands may be raised no more. */
  look(): void {
    for (const { id, room } of [...this.#raised.values()])
      if (!this.#options.isOn(room)) this.lower(id, 'off');
  }

  /** Writes what is not written yet; those that are up stay so, for whoever comes after. */
  close(): void {
    this.#closed = true;
    for (const { away } of this.#raised.values()) away?.cancel();
    this.#write();
  }

  [Symbol.dispose](): void {
    this.close();
  }

  /** Whoever is there goes before who is away. @throws MiroliveError LIMIT_REACHED */
  #makeRoom(room: string, network: string): void {
    const here = [...this.#raised.values()].filter((one) => one.room === room);
    const ofNetwork = here.filter((one) => one.network === network);
    const crowd = ofNetwork.length >= mostOfNetwork ? ofNetwork : here.length >= mostInRoom ? here : null;
    if (crowd === null) return;
    const away = crowd.find((one) => one.away !== null);
    if (!away)
      throw new MiroliveError('LIMIT_REACHED', `${crowd.length} hands are up already`, {
        hint: `Lower them: mirolive hands lower --all --room ${room}`,
      });
    this.lower(away.id, 'left');
  }

  #lowerAfter(id: string, ms: number): Timer {
    return this.#options.clock.after(ms, () => this.lower(id, 'left'));
  }

  #changed(id: string): void {
    this.#unwritten.add(id);
    this.#timer ??= this.#options.clock.after(writtenAfterMs, () => this.#write());
    this.#listener(id);
  }

  #write(): void {
    this.#timer?.cancel();
    this.#timer = undefined;
    const changed = new Set(this.#unwritten);
    this.#unwritten.clear();
    if (changed.size === 0 && this.#isWritten) return;
    try {
      this.#options.store.note((database) => {
        if (!this.#isWritten) removeHands(database);
        for (const id of changed) removeHand(database, id);
        // In the order of the queue.
        for (const raised of this.#raised.values())
          if (!this.#isWritten || changed.has(raised.id)) writeHand(database, raised);
      });
      this.#isWritten = true;
    } catch {
      // The store has logged it. All that is up then is written, once it can be.
      this.#isWritten = false;
      if (!this.#closed) this.#timer = this.#options.clock.after(writtenAgainAfterMs, () => this.#write());
    }
  }

  #kept(): HandRecord[] {
    try {
      const found = this.#options.store.read(readHands);
      this.#isWritten = true;
      return found;
    } catch {
      return [];
    }
  }
}

function shown({ name, raisedAt }: Pick<HandRecord, 'name' | 'raisedAt'>): RaisedHand {
  return { name, raisedAt: new Date(raisedAt).toISOString() };
}
