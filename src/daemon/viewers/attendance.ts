import type { Clock } from '../../contract/clock.ts';
import { newId } from '../../contract/ids.ts';
import type { Viewer as ViewerModel } from '../../contract/models.ts';
import { networkOf } from '../../contract/network-of.ts';
import type { Notice, Out } from '../../contract/signalling.ts';
import type { Guest, Known } from '../access/guest-pass.ts';
import { type Links, linkNeeded, linksUnknown } from '../access/links.ts';
import type { EventHub } from '../event-hub.ts';
import type { Admission } from '../public-server/admission.ts';
import type { Desk } from '../rooms/desk.ts';
import { noFigures } from '../rooms/line-figures.ts';
import type { Room } from '../rooms/room.ts';
import { BannedError, type Bans, type Comer } from './bans.ts';
import { browserName } from './browser-name.ts';
import { FrozenWindow } from './frozen-window.ts';
import type { Hands } from './hands.ts';
import { PassSeats } from './pass-seats.ts';
import { sufferingOf } from './suffering.ts';
import { Unreached } from './unreached.ts';
import type { ViewerTransport } from './viewer-transport.ts';
import type { Sufferer } from './who-suffers.ts';

/** Of a user agent so many characters are kept. */
const maxUserAgent = 300;

/** What is known of a line that nobody has looked at. */
const unseen = { ...noFigures, lookedAt: null };

/** What viewers need of the desk. */
export type Rooms = Pick<Desk, 'room' | 'rooms' | 'findRoom' | 'tidy' | 'entry'>;

export interface AttendanceOptions {
  readonly admission: Pick<Admission, 'admit'>;
  readonly bans: Pick<Bans, 'find'>;
  readonly desk: Rooms;
  readonly links: Pick<Links, 'isVoid'>;
  readonly hands: Pick<Hands, 'of' | 'here' | 'away'>;
  readonly hub: EventHub;
  readonly clock: Clock;
  /** Hears what a page reports, and what it had reported before. Default: nobody does. */
  readonly onReport?: (room: string, before: Reported, now: Reported) => void;
  /** Who counts viewers; it is told all that is known of them. */
  readonly audience: {
    /**
     * @param viewer with an id of this visit in the place of its own
     * @param renditions what goes out to it, the lowest first
     */
    seen(viewer: ViewerModel, renditions: readonly string[]): void;
    /** @param silentMs for how long it may have been gone before that was noticed, in ms */
    left(id: string, silentMs: number): void;
  };
}

/** Somebody at the door of a room. */
export interface Visitor extends Comer {
  /** The link by which he has come. */
  readonly guest: Known;
}

/** Who comes in, and how. */
export interface Arrival {
  readonly kind: ViewerModel['kind'];
  readonly state: ViewerModel['state'];
  readonly userAgent: string | undefined;
}

/** Who has been here, and since when where he still was. */
type Returning = Pick<ViewerModel, 'id'> & Partial<Pick<ViewerModel, 'joinedAt'>>;

/** What an operator can do to a viewer. */
export interface Reach {
  /** Puts it out. */
  readonly out: (why: Out) => void;
  /** Lets it come again, a little later. */
  readonly again: () => void;
  /** Somebody has come who is this viewer from now on: whoever still listens here is another one when he comes again. */
  readonly replaced: () => void;
  /** Shows it a line; null: its player has no place for that. */
  readonly tell: ((notice: Notice) => void) | null;
  /** What it is in the room, or may do there, may be something else. */
  readonly changed: () => void;
}

/** How a viewer fares, as its page says. */
export interface Reported extends Pick<ViewerModel, 'freezes' | 'firstPictureMs'> {
  /** How long its picture stood still since it came, in ms. */
  readonly frozenMs?: number | null | undefined;
}

/** Takes viewers in, within the limits, lists them in their room, and announces that they come and go. */
export class Attendance {
  readonly #options: AttendanceOptions;
  readonly #present = new Map<string, Seat>();
  readonly #unreached: Unreached;
  readonly #passSeats = new PassSeats();

  constructor(options: AttendanceOptions) {
    this.#options = options;
    this.#unreached = new Unreached(options.clock);
  }

  /**
   * A seat for somebody who wants to come in; throws VIEWER_BANNED, LINK_NEEDED, STATE_UNAVAILABLE, LIMIT_REACHED, ROOM_FULL.
   *
   * @param guestOf by which link he has come: asked of nobody who knocks too often
   * @param holder the viewer that he was before; null: nobody
   */
  admit(comer: Comer, guestOf: () => Known, holder: string | null = null): Seat {
    const { admission, bans: _, links: __, ...shared } = this.#options;
    let guest = null as Known;
    let returning: Returning | null = null;
    const release = admission.admit(comer.address, comer.room, () => {
      guest = guestOf();
      this.refuse({ ...comer, guest });
      if (holder !== null) returning = this.#comesBack(holder);
      if (this.#boundBy(guest, comer.room)) this.#passSeats.require(guest.id);
    });
    const giveBack = this.#boundBy(guest, comer.room) ? this.#passSeats.take(guest.id) : () => {};
    return new Seat({
      ...shared,
      ...comer,
      ...{ guest, returning },
      present: this.#present,
      unreached: this.#unreached,
      release: () => {
        release();
        giveBack();
      },
    });
  }

  /** Whoever comes back gives up the seat that he had, where that is not gone yet: nobody is two viewers, or waits for a place that is his own. */
  #comesBack(id: string): Returning {
    const seat = this.#present.get(id);
    if (!seat?.viewer) return { id };
    const { joinedAt } = seat.viewer;
    seat.reach?.replaced();
    seat.leave();
    return { id, joinedAt };
  }

  /** His hand has gone up or down. */
  handChanged(id: string): void {
    this.#present.get(id)?.showHand();
  }

  /** Rooms may let their viewers do something else. */
  roomsChanged(): void {
    for (const { reach } of this.present) reach?.changed();
  }

  /** Whether he is let in by his pass alone. */
  #boundBy(guest: Known, room: string): guest is Guest & { readonly id: string } {
    return passIn(guest) !== null && this.#options.desk.entry(room) === 'link';
  }

  /** Throws VIEWER_BANNED, LINK_NEEDED, STATE_UNAVAILABLE; asked once more by who took a while to come in, and could not be put out meanwhile. */
  refuse(comer: Visitor): void {
    const { bans, desk } = this.#options;
    const ban = bans.find({ ...comer, guest: passIn(comer.guest) });
    if (ban) throw new BannedError(ban);
    if (isGuest(comer.guest)) return;
    if (desk.entry(comer.room) !== 'link') return;
    if (comer.guest === 'unknown') throw linksUnknown();
    throw linkNeeded(comer.room, `room ${comer.room} is for those who have a link`);
  }

  /** Puts out who is in a room for guests and is none, since it is such a room now, or since the link is void that it came by. */
  putOutUninvited(): void {
    const { desk, links } = this.#options;
    for (const [room, seats] of Map.groupBy(this.present, (seat) => seat.room)) {
      if (desk.entry(room) !== 'link') continue;
      for (const { guest, reach } of seats) {
        if (guest === 'unknown') reach?.again();
        else if (guest === null || links.isVoid(guest.link))
          reach?.out({ why: 'uninvited', reason: null, untilMs: null });
      }
    }
  }

  /** Those who are listed now. */
  get present(): Iterable<Seat> {
    return this.#present.values();
  }

  /** Pages to which no media comes through, and that are between two tries, by their rooms. */
  between(): ReadonlyMap<string, readonly Sufferer[]> {
    if (this.#unreached.size === 0) return new Map();
    const there = new Set([...this.present].map(({ viewer }) => `${viewer?.room} ${viewer?.browser}`));
    return this.#unreached.between((room, browser) => there.has(`${room} ${browser}`));
  }

  /** The seat of a viewer; undefined: it has left. */
  seat(id: string): Seat | undefined {
    return this.#present.get(id);
  }
}

interface SeatOptions extends Omit<AttendanceOptions, 'admission' | 'bans' | 'links'>, Visitor {
  /** Who it is, where he has been here before. */
  readonly returning: Returning | null;
  readonly present: Map<string, Seat>;
  readonly unreached: Unreached;
  readonly release: () => void;
}

/** One viewer's place: taken by `admit`, shown in a room by `join`, given back by `leave`. */
export class Seat {
  readonly #options: SeatOptions;
  #place: { readonly room: Room; readonly reach: Reach; viewer: ViewerModel } | undefined;
  #media: ViewerTransport | undefined;
  /** By what who counts viewers knows it: whoever comes back has the same id, and is another visit. */
  readonly #visit = newId('v');
  readonly #frozen = new FrozenWindow();
  #reported: Reported = { freezes: null, firstPictureMs: null };
  #stateSinceMs: number;
  #look: Promise<void> | undefined;
  #renditions: readonly string[] = [];

  constructor(options: SeatOptions) {
    this.#options = options;
    this.#stateSinceMs = options.clock.nowMs();
  }

  /** The viewer, as it is listed; undefined: it is not, or has left. */
  get viewer(): ViewerModel | undefined {
    return this.#place?.viewer;
  }

  /** The link that it came by. */
  get guest(): Known {
    return this.#options.guest;
  }

  get room(): string {
    return this.#options.room;
  }

  /** How an operator reaches it. */
  get reach(): Reach | undefined {
    return this.#place?.reach;
  }

  /** Looks at its line, and lists what is found, if anything is; whoever wants that meanwhile waits for the same look. */
  sample(): Promise<void> {
    this.#look ??= this.#lookAtLine().finally(() => {
      this.#look = undefined;
    });
    return this.#look;
  }

  /** Finds out whether it suffers now. */
  judge(): void {
    const { viewer } = this;
    if (!viewer) return;
    const before = viewer.state === 'connecting' ? this.#options.unreached.spentMs(this.#options) : 0;
    const suffers = sufferingOf({ ...viewer, forMs: before + this.#inStateMs });
    if (suffers !== viewer.suffers) this.#change({ suffers });
  }

  /** Lists the viewer in the room. */
  join(room: Room, arrival: Arrival, reach: Reach): ViewerModel {
    const { address, browser, guest, returning, present, hands } = this.#options;
    const { kind, state, userAgent } = arrival;
    const { id = newId('v'), joinedAt = this.#wallTime() } = returning ?? {};
    hands.here(id, networkOf(address));
    const viewer: ViewerModel = {
      id,
      room: room.name,
      kind,
      state,
      rendition: null,
      picture: true,
      ...unseen,
      ...{ freezes: null, frozenPercent: null, firstPictureMs: null, suffers: null },
      address,
      browser,
      link: isGuest(guest) ? guest.link : null,
      guest: passIn(guest),
      browserName: userAgent === undefined ? null : browserName(userAgent.slice(0, maxUserAgent)),
      userAgent: userAgent?.slice(0, maxUserAgent) ?? null,
      hand: hands.of(id),
      joinedAt,
    };
    this.#place = { room, reach, viewer };
    present.set(viewer.id, this);
    this.#change({});
    this.#options.hub.announce({ type: 'viewer.joined', room: room.name, viewer });
    return viewer;
  }

  /** The viewer waits, connects or plays now. */
  become(state: ViewerModel['state']): void {
    if (state !== this.viewer?.state) {
      if (state === 'playing') this.#options.unreached.reached(this.#options);
      else this.#giveUp();
      this.#stateSinceMs = this.#options.clock.nowMs();
    }
    this.#change(state === 'waiting' ? { state, rendition: null, picture: true, ...unseen } : { state });
    // Who has got nothing in all its tries has it bad at once.
    if (state === 'connecting') this.judge();
  }

  /** What is sent to the viewer from now on; `renditions` are the names of its layers, the lowest first. */
  watch(media: ViewerTransport, renditions: readonly string[]): void {
    this.#media = media;
    this.#renditions = renditions;
    this.#change({ picture: true });
    media.on('layer', (layer) => {
      this.#change({ rendition: layer === null ? null : (renditions[layer] ?? null) });
    });
  }

  /** The viewer's player does not take the picture of what is on air. */
  lacksPicture(): void {
    this.#change({ picture: false, rendition: null });
  }

  /** It takes another picture instead, of this name. */
  takesCompatible(rendition: string): void {
    this.#change({ picture: true, rendition });
  }

  /** Its hand is as it is listed from now on. */
  showHand(): void {
    if (this.viewer) this.#change({ hand: this.#options.hands.of(this.viewer.id) });
    this.reach?.changed();
  }

  /** Its page says how it fares. */
  reported(now: Reported): void {
    const { freezes, frozenMs, firstPictureMs } = now;
    if (this.viewer) this.#options.onReport?.(this.viewer.room, this.#reported, now);
    this.#reported = now;
    const atMs = this.#options.clock.nowMs();
    const frozenPercent = frozenMs == null ? null : this.#frozen.percent({ atMs, frozenMs });
    this.#change({ freezes, frozenPercent, firstPictureMs });
  }

  /** Gives the place back; calling it twice is harmless. @param silentMs for how long it may have been gone before that was noticed, in ms */
  leave(silentMs = 0): void {
    this.#options.release();
    this.#giveUp();
    const place = this.#place;
    this.#place = undefined;
    if (!place) return;
    const { room, viewer } = place;
    this.#options.present.delete(viewer.id);
    room.removeViewer(viewer.id);
    this.#options.audience.left(this.#visit, silentMs);
    this.#options.hands.away(viewer.id);
    this.#options.hub.announce({ type: 'viewer.left', room: room.name, id: viewer.id });
    this.#options.desk.tidy(room);
  }

  async #lookAtLine(): Promise<void> {
    const media = this.#media;
    const figures = await media?.figures();
    // It may play no longer, or over another line.
    if (figures && media === this.#media && this.viewer?.state === 'playing')
      this.#change({ ...figures, lookedAt: this.#wallTime() });
  }

  #wallTime(): string {
    return new Date(this.#options.clock.wallMs()).toISOString();
  }

  get #inStateMs(): number {
    return this.#options.clock.nowMs() - this.#stateSinceMs;
  }

  /** Where media was on its way, it has not come through. */
  #giveUp(): void {
    if (this.viewer?.state === 'connecting') this.#options.unreached.failed(this.#options, this.#inStateMs);
  }

  #change(change: Partial<ViewerModel>): void {
    if (!this.#place) return;
    this.#place.viewer = { ...this.#place.viewer, ...change };
    this.#place.room.setViewer(this.#place.viewer);
    this.#options.audience.seen({ ...this.#place.viewer, id: this.#visit }, this.#renditions);
  }
}

/** The id that his pass has. */
function passIn(guest: Known): string | null {
  return isGuest(guest) ? guest.id : null;
}

function isGuest(guest: Known): guest is Guest {
  return typeof guest === 'object' && guest !== null;
}
