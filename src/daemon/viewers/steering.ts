import type { CallInput, CallResult } from '../../contract/api.ts';
import type { Banned } from '../../contract/bans.ts';
import type { Clock } from '../../contract/clock.ts';
import { MiroliveError } from '../../contract/errors.ts';
import { newToken } from '../../contract/ids.ts';
import type { Viewer } from '../../contract/models.ts';
import { viewerId } from '../../contract/names.ts';
import { networkOf } from '../../contract/network-of.ts';
import { maySee, type Principal, roomsOf } from '../../contract/principal.ts';
import type { Notice } from '../../contract/signalling.ts';
import type { Links } from '../access/links.ts';
import { Announcements } from './announcements.ts';
import type { Attendance, Seat } from './attendance.ts';
import { BannedError, type Bans, keptOutBy } from './bans.ts';
import { addressOf, namedBy, ownMarksOf } from './whom-to-ban.ts';

export interface SteeringOptions {
  readonly attendance: Pick<Attendance, 'present' | 'seat'>;
  readonly bans: Bans;
  readonly links: Pick<Links, 'isOpen'>;
  readonly clock: Clock;
}

/** What operators do to viewers: put them out, keep them out, and show them a line. */
export class Steering {
  readonly #options: SteeringOptions;
  readonly #announcements: Announcements;

  constructor(options: SteeringOptions) {
    this.#options = options;
    this.#announcements = new Announcements(options.clock);
  }

  /** Puts viewers out; throws VIEWER_NOT_FOUND where none of them is there. */
  kick({ ids, reason }: CallInput<'kickViewers'>, caller: Principal): CallResult<'kickViewers'> {
    const seats = [...new Set(ids)].flatMap((id) => this.#seat(id, caller) ?? []);
    const kicked = viewersOf(seats);
    const missing = ids.filter((id) => !kicked.some((viewer) => viewer.id === id));
    if (kicked.length === 0) throw notFound(missing);
    const sharing = this.#sharing(kicked, caller);
    for (const seat of seats) seat.reach?.out({ why: 'kicked', reason, untilMs: null });
    return { kicked: kicked.map(({ id }) => id), missing, sharing };
  }

  /** Bans somebody, and puts out whoever that is; throws VIEWER_NOT_FOUND, ONLY_BY_ADDRESS, INVALID_REQUEST, STATE_UNAVAILABLE, LIMIT_REACHED. */
  ban({ who, address = false, room, forMs, reason }: CallInput<'ban'>, caller: Principal): CallResult<'ban'> {
    const { bans, attendance, links } = this.#options;
    requireRoom(caller, room);
    const ban = bans.add(
      { banned: this.#meant(who, address, caller), room: room ?? null, forMs, reason },
      caller,
    );
    const isKeptOut = keptOutBy(ban);
    const seats = [...attendance.present].filter(
      ({ viewer }) => viewer && isKeptOut({ ...viewer, guest: viewer.guest ?? null }),
    );
    const kicked = viewersOf(seats);
    const sharing = this.#sharing(kicked, caller);
    const why = new BannedError(ban).out;
    for (const seat of seats) seat.reach?.out(why);
    const link = ban.banned.kind === 'guest' ? ban.banned.link : null;
    const isOut = kicked.some((viewer) => viewer.link === link);
    const openLink = link !== null && isOut && links.isOpen(link) ? link : null;
    return { ban, kicked: kicked.map(({ id }) => id), sharing, openLink };
  }

  /** Shows one viewer a line; throws VIEWER_NOT_FOUND. */
  message({ id, text, forMs }: CallInput<'messageViewer'>, caller: Principal): CallResult<'messageViewer'> {
    const { reach } = this.#seat(id, caller) ?? {};
    if (!reach) throw notFound([id]);
    reach.tell?.({ id: newToken(), text, forMs });
    return { reached: reach.tell !== null };
  }

  /** Shows all viewers a line, those too who come while it is shown. */
  announce({ text, room, forMs }: CallInput<'announce'>, caller: Principal): CallResult<'announce'> {
    requireRoom(caller, room);
    const notice = this.#announcements.add(text, room ?? null, forMs);
    const unreached: string[] = [];
    let reached = 0;
    for (const { viewer, reach } of this.#options.attendance.present) {
      if (!viewer || !reach || (room !== undefined && viewer.room !== room)) continue;
      reach.tell?.(notice);
      if (reach.tell) reached++;
      else unreached.push(viewer.id);
    }
    return { reached, unreached };
  }

  /** What is announced in a room now. */
  readonly announced = (room: string): readonly Notice[] => this.#announcements.in(room);

  /** The seat of a viewer, where the caller may see its room. */
  #seat(id: string, caller: Principal): Seat | undefined {
    const seat = this.#options.attendance.seat(id);
    return seat?.viewer && maySee(caller, seat.viewer.room) ? seat : undefined;
  }

  /** Who is meant by a viewer's id, or by other words. @param byAddress what its address is, and not what is its own */
  #meant(who: string, byAddress: boolean, caller: Principal): Banned {
    if (!viewerId.safeParse(who).success) return namedBy(who, byAddress);
    const viewer = this.#seat(who, caller)?.viewer;
    if (!viewer) throw notFound([who]);
    if (byAddress) return addressOf(viewer);
    const isLinkOpen = viewer.link != null && this.#options.links.isOpen(viewer.link);
    return ownMarksOf(viewer, { sharing: this.#sharing([viewer], caller), isLinkOpen });
  }

  /** How many others are where these are, of those whom the caller may see. */
  #sharing(those: readonly Viewer[], caller: Principal): number {
    const networks = new Set(those.map(({ address }) => networkOf(address)));
    const ids = new Set(those.map(({ id }) => id));
    return viewersOf(this.#options.attendance.present).filter(
      ({ id, address, room }) => maySee(caller, room) && !ids.has(id) && networks.has(networkOf(address)),
    ).length;
  }
}

function viewersOf(seats: Iterable<Seat>): Viewer[] {
  return [...seats].flatMap(({ viewer }) => viewer ?? []);
}

/** Who is bound to rooms acts in one of them. */
function requireRoom(caller: Principal, room: string | undefined): void {
  const rooms = roomsOf(caller);
  if (rooms === null || (room !== undefined && rooms.includes(room))) return;
  throw new MiroliveError(
    'NOT_ALLOWED',
    `expected one of the rooms ${rooms.join(', ')}, got ${room ?? 'all'}`,
    {
      hint: `Name one: --room ${rooms[0]}`,
    },
  );
}

function notFound(ids: readonly string[]): MiroliveError {
  return new MiroliveError(
    'VIEWER_NOT_FOUND',
    `there is no viewer ${ids.slice(0, 5).join(', ')}, or it has left`,
  );
}
