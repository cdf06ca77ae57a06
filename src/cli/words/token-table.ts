import type { NewToken, Token } from '../../contract/tokens.ts';
import { expiry } from './expiry.ts';
import { type Paint, span, table } from './format.ts';

/** Tokens as a table; a sentence with the way on if there are none. */
export function tokenTable(tokens: readonly Token[], now: number, paint: Paint): string[] {
  if (tokens.length === 0) return ['No tokens. Make one: mirolive tokens create --role operator'];
  return table(
    ['ID', 'NAME', 'ROLE', 'ROOMS', 'STATE', 'EXPIRES', 'LAST USED'],
    tokens.map((token) => [
      token.id,
      token.name,
      token.role,
      token.rooms?.join(',') ?? 'all',
      token.state === 'valid' ? token.state : paint('yellow', token.state),
      expiry(token, now),
      token.lastUsedAt === null ? 'never' : `${span(now - Date.parse(token.lastUsedAt))} ago`,
    ]),
    paint,
  );
}

/** A new secret, with what it is for. */
export function newTokenLines({ token, secret }: NewToken, now: number, paint: Paint): string[] {
  const { name, id, role, rooms, expiresAt } = token;
  // To whole seconds: the answer has taken some of the time that was asked for.
  const leftMs = expiresAt === null ? null : Math.round((Date.parse(expiresAt) - now) / 1000) * 1000;
  const until = leftMs === null ? 'for ever' : `for ${span(leftMs)}`;
  const where = rooms === null ? '' : ` in ${rooms.join(', ')}`;
  return [
    `Token ${name} (${id}), ${role}${where}, valid ${until}. It is shown this once.`,
    '',
    `  ${paint('bold', secret)}`,
  ];
}
