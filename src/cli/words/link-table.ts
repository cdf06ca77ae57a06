import type { Link, NewLink } from '../../contract/links.ts';
import { expiry } from './expiry.ts';
import { count, type Paint, span, table } from './format.ts';

/** Watch links as a table; a sentence with the way on if there are none. */
export function linkTable(links: readonly Link[], now: number, paint: Paint): string[] {
  if (links.length === 0) return ['No links. Make one: mirolive link --room lobby'];
  return table(
    ['ID', 'ROOM', 'NAME', 'STATE', 'USES', 'EXPIRES', 'LAST USED'],
    links.map((link) => [
      link.id,
      link.room,
      link.name ?? '–',
      link.state === 'valid' ? link.state : paint('yellow', link.state),
      link.maxUses === null ? String(link.uses) : `${link.uses} of ${link.maxUses}`,
      expiry(link, now),
      link.lastUsedAt === null ? 'never' : `${span(now - Date.parse(link.lastUsedAt))} ago`,
    ]),
    paint,
  );
}

/** A new link, with what it is for. */
export function newLinkLines({ link, url }: NewLink, now: number, paint: Paint): string[] {
  const { id, room, name, expiresAt, maxUses } = link;
  // To whole seconds: the answer has taken some of the time that was asked for.
  const leftMs = expiresAt === null ? null : Math.round((Date.parse(expiresAt) - now) / 1000) * 1000;
  const whose = name === null ? '' : ` for ${name}`;
  const until = leftMs === null ? 'until it is revoked' : `for ${span(leftMs)}`;
  const many = maxUses === null ? '' : `, for ${count(maxUses, 'browser')}`;
  return [
    `Link ${id}${whose} to room ${room}, good ${until}${many}. It is shown this once.`,
    '',
    `  ${paint('bold', url)}`,
  ];
}

/** An address as a QR code, for a telephone that looks at the terminal: light on dark, whatever the terminal's colours are. */
export function codeLines(code: string, paint: Paint): string[] {
  return code.split('\n').map((line) => `  ${paint(['whiteBright', 'bgBlack'], line)}`);
}
