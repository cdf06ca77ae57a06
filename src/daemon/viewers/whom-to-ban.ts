import type { Banned } from '../../contract/bans.ts';
import { MiroliveError } from '../../contract/errors.ts';
import type { Viewer } from '../../contract/models.ts';
import { browserId, guestId } from '../../contract/names.ts';
import { readNetwork } from '../../contract/network.ts';

/** Networks as large as these are no way to keep somebody out: of IPv4 and IPv6. */
const leastPrefix = { 4: 8, 6: 16 } as const;

/** What is known beside a viewer who is to be banned. */
export interface Around {
  /** How many others have its address. */
  readonly sharing: number;
  /** Whether somebody may still come by its link. */
  readonly isLinkOpen: boolean;
}

/**
 * By what a viewer is kept out: what is its own, and never what others have too. Pure.
 *
 * @throws MiroliveError ONLY_BY_ADDRESS where that is all that it would be known by
 */
export function ownMarksOf(viewer: Viewer, around: Around): Banned {
  const { guest, link, browser } = viewer;
  if (guest != null) return { kind: 'guest', guest, link: link ?? null, browser };
  if (browser !== null) return { kind: 'browser', browser };
  throw link == null ? nothingOwn(viewer, around) : byTheSecret(viewer.id, link, around);
}

/** The address of a viewer, whoever has it; of IPv6 its /64. */
export function addressOf({ address }: Viewer): Banned {
  return networkIn(address);
}

/**
 * Who is banned by words that name no viewer: the id of a browser or a guest, an address or a network; throws INVALID_REQUEST.
 *
 * @param byAddress an address was asked for
 */
export function namedBy(words: string, byAddress: boolean): Banned {
  const isBrowser = browserId.safeParse(words).success;
  const isGuest = guestId.safeParse(words).success;
  if (byAddress && (isBrowser || isGuest))
    throw new MiroliveError(
      'INVALID_REQUEST',
      `expected the id of a viewer, who has an address, got ${words}`,
      {
        hint: 'See who watches: mirolive viewers',
      },
    );
  if (isBrowser) return { kind: 'browser', browser: words };
  if (isGuest) return { kind: 'guest', guest: words, link: null, browser: null };
  return networkIn(words);
}

function networkIn(text: string): Banned {
  const network = readNetwork(text);
  if (!network) {
    const expected =
      'expected the id of a viewer, a guest or a browser, an address, or a network such as 192.0.2.0/24';
    throw new MiroliveError('INVALID_REQUEST', `${expected}, got ${text}`, {
      hint: 'See who watches: mirolive viewers',
    });
  }
  const least = leastPrefix[network.family];
  if (network.prefix >= least) return { kind: 'network', network: network.text };
  throw new MiroliveError('INVALID_REQUEST', `expected a network of at most a /${least}, got ${text}`, {
    hint: 'To let nobody in: mirolive rooms set ROOM access=closed',
    forAdmin: true,
  });
}

function nothingOwn({ id }: Viewer, around: Around): MiroliveError {
  return new MiroliveError(
    'ONLY_BY_ADDRESS',
    `expected a viewer that is known again, got ${id}, of which only the address is known, and ${shared(around)} that`,
    { hint: `Ban the address, whoever has it: mirolive viewers ban ${id} --address` },
  );
}

function byTheSecret(id: string, link: string, around: Around): MiroliveError {
  const got = `expected a viewer that is known again, got ${id}, a player that came by the secret of link ${link}`;
  const byAddress = `or ban its address, which ${shared(around)}: mirolive viewers ban ${id} --address`;
  return around.isLinkOpen
    ? new MiroliveError('ONLY_BY_ADDRESS', `${got}, and is another guest each time`, {
        hint: `Put out all who came by it: mirolive links revoke ${link}; ${byAddress}`,
      })
    : new MiroliveError('ONLY_BY_ADDRESS', `${got}, by which nobody comes any more`, {
        hint: `Put it out: mirolive viewers kick ${id}; ${byAddress}`,
      });
}

function shared({ sharing }: Around): string {
  if (sharing === 0) return 'no other viewer shares';
  return sharing === 1 ? '1 other viewer shares' : `${sharing} other viewers share`;
}
