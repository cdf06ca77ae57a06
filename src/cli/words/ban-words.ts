import type { CallResult } from '../../contract/api.ts';
import type { Ban } from '../../contract/bans.ts';
import { count, type Paint, printable, span, table } from './format.ts';

/** Bans as a table; a sentence with the way on if there are none. */
export function banTable(bans: readonly Ban[], now: number, paint: Paint): string[] {
  if (bans.length === 0) return ['No bans. To ban somebody: mirolive viewers ban VIEWER'];
  return table(
    ['ID', 'BANNED', 'ROOM', 'SINCE', 'ENDS', 'REASON'],
    bans.map((ban) => [
      ban.id,
      whom(ban),
      ban.room ?? 'all',
      span(now - Date.parse(ban.at)),
      ban.until === null ? 'never' : `in ${span(Date.parse(ban.until) - now)}`,
      printable(ban.reason ?? ''),
    ]),
    paint,
  );
}

/** A ban that was made, and how to lift it. */
export function bannedLine(ban: Ban, now: number): string {
  const where = ban.room === null ? 'all rooms' : `room ${ban.room}`;
  // To whole seconds: the answer has taken some of the time that was asked for.
  const leftMs = ban.until === null ? null : Math.round((Date.parse(ban.until) - now) / 1000) * 1000;
  const time = leftMs === null ? 'until it is lifted' : `for ${span(leftMs)}`;
  return `Banned from ${where} ${time}: ${whom(ban)}; to lift it: mirolive viewers unban ${ban.id}`;
}

/** Who was put out, and who shares their addresses. */
export function kickedLines({ kicked, missing, sharing }: CallResult<'kickViewers'>): string[] {
  return [
    kicked.length === 0 ? 'Nobody of them was there' : `Put out: ${kicked.join(', ')}`,
    ...(missing.length === 0 ? [] : [`Had left: ${missing.join(', ')}`]),
    ...(sharing === 0 ? [] : [`From the same address: ${count(sharing, 'other viewer')}, who may stay`]),
  ];
}

/** Who else a ban has met, and by what whoever is banned may come back. @param byAddress a viewer's address was asked for */
export function wayBackLines({ kicked, openLink }: CallResult<'ban'>, byAddress: boolean): string[] {
  const others = kicked.length - 1;
  if (byAddress && others > 0) return [`Of them ${count(others, 'other viewer')} had the same address`];
  if (openLink == null) return [];
  return [
    `By link ${openLink} he may come again, in another browser; to end it, for all who came by it: mirolive links revoke ${openLink}`,
  ];
}

/** How many were shown a line, and who was not. */
export function reachedLines(
  { reached, unreached }: CallResult<'announce'>,
  room: string | undefined,
): string[] {
  const shown = `Shown to ${count(reached, 'viewer')}${room === undefined ? '' : ` of room ${room}`}`;
  return unreached.length === 0 ? [shown] : [shown, unreachedLine(unreached)];
}

/** Who has no place for a line. */
export function unreachedLine(ids: readonly string[]): string {
  const more = ids.length > 10 ? `, and ${ids.length - 10} more` : '';
  return `Could not be shown to ${ids.slice(0, 10).join(', ')}${more}: players by WHEP, and pages of before an upgrade, have no place for it`;
}

function whom({ banned }: Ban): string {
  switch (banned.kind) {
    case 'network':
      return banned.network;
    case 'browser':
      return `browser ${banned.browser}`;
    case 'guest': {
      const { guest, link, browser } = banned;
      const by = link === null ? '' : ` of link ${link}`;
      return `guest ${guest}${by}${browser === null ? '' : `, browser ${browser}`}`;
    }
  }
}
