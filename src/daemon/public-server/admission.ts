import type { Clock } from '../../contract/clock.ts';
import type { Config } from '../../contract/config.ts';
import { MiroliveError } from '../../contract/errors.ts';
import { networkOf, siteFactor, siteOf } from '../../contract/network-of.ts';
import { Rate, Rates } from './rate.ts';

/** A burst may be this many times the rate: everybody behind one address opens the link at the same moment. */
const burstFactor = 3;
/** Of passes, all addresses together get this many times what one does. */
const addressesAtOnce = 50;
/** Of what viewers may use, this part is for those who wait in rooms of which the daemon knows nothing. */
const strangeShare = 1 / 4;

export interface AdmissionOptions {
  readonly limits: Pick<Config['limits'], 'viewers' | 'viewersPerAddress' | 'joinsPerSecond'>;
  /** How many viewers a room takes; null: as many as come. */
  readonly mostIn?: (room: string) => number | null;
  /** Whether as much leaves for viewers as may. */
  readonly isSated?: () => boolean;
  /** Whether there is such a room, now. */
  readonly knows: (room: string) => boolean;
  readonly clock?: Clock;
}

interface Guest {
  readonly network: string;
  readonly site: string | null;
  readonly room: string;
}

/** Bounds what clients may use: how many viewers at once, how many from one address, and how fast they and publishers come. */
export class Admission {
  readonly #options: AdmissionOptions;
  readonly #joins: Pace;
  /** Of who asks for pictures alone, which every page does once, and previews of links. */
  readonly #looks: Pace;
  /** Of who opens pages, for which a picture may have to be made. */
  readonly #pages: Pace;
  /** Of who asks for a pass, and joins right after it: an office comes in at once, too. */
  readonly #entries: Pace;
  readonly #allEntries: Rate;
  readonly #guests = new Set<Guest>();

  constructor(options: AdmissionOptions) {
    this.#options = options;
    this.#joins = new Pace(options);
    this.#looks = new Pace(options);
    this.#pages = new Pace(options);
    this.#entries = new Pace(options);
    const perSecond = options.limits.joinsPerSecond * addressesAtOnce;
    const { clock } = options;
    this.#allEntries = new Rate({ perSecond, burst: perSecond * burstFactor, ...(clock && { clock }) });
  }

  /** Somebody comes from an address; throws LIMIT_REACHED. */
  knock(address: string): void {
    this.#spend(this.#joins, address, 'joins');
  }

  /** Somebody at an address asks for a still; throws LIMIT_REACHED. */
  look(address: string): void {
    this.#spend(this.#looks, address, 'posters');
  }

  /** Somebody at an address gives a link for a pass; throws LIMIT_REACHED. */
  enters(address: string): void {
    this.#spend(this.#entries, address, 'passes');
    if (this.#allEntries.spend()) return;
    throw limit('joinsPerSecond', 'expected fewer passes per second from all addresses');
  }

  /** Somebody at an address opens a page; false: more often than a picture is made for. */
  opens(address: string): boolean {
    return this.#pages.spend(address);
  }

  /**
   * Takes one viewer in, or throws LIMIT_REACHED or ROOM_FULL. Gives the function that lets it out again; calling it twice is harmless.
   *
   * @param ask throws where it is not to come in, whatever place there is
   */
  admit(address: string, room: string, ask = (): void => {}): () => void {
    this.knock(address);
    ask();
    const { limits, knows, mostIn = () => null, isSated = () => false } = this.#options;
    const guest = { network: networkOf(address), site: siteOf(address), room };
    const isNeighbour = ({ network }: Guest) => network === guest.network;
    const isStrange = (one: Guest) => !knows(one.room);
    const [viewers, here] = [limits.viewers, limits.viewersPerAddress];
    this.#bound('viewers', viewers, () => true, 'viewers at once');
    this.#bound('viewersPerAddress', here, isNeighbour, `viewers at once from ${address}`);
    if (guest.site !== null) {
      const isOfSite = ({ site }: Guest) => site === guest.site;
      this.#bound('viewersPerAddress', here * siteFactor, isOfSite, `viewers at once from ${guest.site}`);
    }
    if (isStrange(guest)) {
      const words = 'viewers at once in rooms that nobody has opened';
      this.#bound('viewers', share(viewers), isStrange, words);
      const isBoth = (one: Guest) => isNeighbour(one) && isStrange(one);
      this.#bound('viewersPerAddress', share(here), isBoth, `${words}, from ${address}`);
    }
    const most = mostIn(room);
    if (most !== null && this.#count((one) => one.room === room) >= most)
      throw full(`rooms.${room}.limits.viewers`, `expected at most ${most} viewers at once in room ${room}`);
    if (isSated())
      throw full('limits.egress', 'expected a viewer while less leaves for viewers than limits.egress');
    this.#guests.add(guest);
    return () => this.#guests.delete(guest);
  }

  #spend(pace: Pace, address: string, what: string): void {
    if (pace.spend(address)) return;
    const { joinsPerSecond } = this.#options.limits;
    throw limit('joinsPerSecond', `expected at most ${joinsPerSecond} ${what} per second from ${address}`);
  }

  #bound(
    key: keyof AdmissionOptions['limits'],
    most: number,
    counts: (guest: Guest) => boolean,
    words: string,
  ): void {
    if (this.#guests.size < most) return;
    if (this.#count(counts) >= most) throw limit(key, `expected at most ${most} ${words}`);
  }

  #count(counts: (guest: Guest) => boolean): number {
    let present = 0;
    for (const guest of this.#guests) if (counts(guest)) present++;
    return present;
  }
}

/** How fast clients come: of each network, and of each line that has many of them. */
class Pace {
  readonly #networks: Rates;
  readonly #sites: Rates;

  constructor({ limits, clock }: Pick<AdmissionOptions, 'limits' | 'clock'>) {
    const ratesOf = (perSecond: number) =>
      new Rates({ perSecond, burst: perSecond * burstFactor, ...(clock && { clock }) });
    this.#networks = ratesOf(limits.joinsPerSecond);
    this.#sites = ratesOf(limits.joinsPerSecond * siteFactor);
  }

  /** One more comes; false: it should not have. */
  spend(address: string): boolean {
    const site = siteOf(address);
    return this.#networks.spend(networkOf(address)) && (site === null || this.#sites.spend(site));
  }
}

function share(most: number): number {
  return Math.max(1, Math.floor(most * strangeShare));
}

function limit(key: string, message: string): MiroliveError {
  return new MiroliveError('LIMIT_REACHED', message, { details: { key: `limits.${key}` } });
}

function full(key: string, message: string): MiroliveError {
  return new MiroliveError('ROOM_FULL', message, { details: { key } });
}
