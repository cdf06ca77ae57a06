import { MiroliveError } from '../../contract/errors.ts';
import { durationMs } from '../../contract/units.ts';
import { type Context, connect } from '../context.ts';
import { keyTable, newKeyLines, publisherTable } from '../publishing-tables.ts';
import type { RoomOption } from '../room-choice.ts';

/** The longest that the API takes: ten years. */
const maxKeyLifetimeMs = 3650 * 86_400_000;

interface Expiry {
  readonly expires?: string;
}

/** `mirolive keys create --room R [--name N] [--expires T]` */
export async function create(
  context: Context,
  { room, name, expires }: { readonly room: string; readonly name?: string } & Expiry,
): Promise<undefined> {
  const client = await connect(context);
  const made = await client.call('createKey', { room, name, expiresMs: lifetimeMs(expires) ?? null });
  context.output.show(made, () => newKeyLines(made, Date.now(), context.output));
}

/** `mirolive keys list [--room R] [--revoked]` */
export async function list(
  context: Context,
  { room, revoked = false }: RoomOption & { readonly revoked?: boolean },
): Promise<undefined> {
  const keys = await (await connect(context)).call('listKeys', { room, revoked });
  context.output.show(keys, () => keyTable(keys, Date.now(), context.output));
}

/** `mirolive keys revoke ID` */
export async function revoke(context: Context, id: string): Promise<undefined> {
  const key = await (await connect(context)).call('revokeKey', { id });
  context.output.show(key, () => [`Revoked: stream key ${key.name} of room ${key.room} (${key.id})`]);
}

/** `mirolive keys rotate ID [--expires T]` */
export async function rotate(context: Context, id: string, { expires }: Expiry): Promise<undefined> {
  const client = await connect(context);
  const made = await client.call('rotateKey', { id, expiresMs: lifetimeMs(expires) });
  context.output.show(made, () => newKeyLines(made, Date.now(), context.output));
}

/** `mirolive publishers [--room R]` */
export async function publishers(context: Context, { room }: RoomOption): Promise<undefined> {
  const there = await (await connect(context)).call('listPublishers', { room });
  context.output.show(there, () => publisherTable(there, Date.now(), context.output));
}

function lifetimeMs(expires: string | undefined): number | undefined {
  if (expires === undefined) return undefined;
  const ms = durationMs.safeParse(expires).data;
  if (ms !== undefined && ms >= 1000 && ms <= maxKeyLifetimeMs) return ms;
  const what = ms === undefined ? 'a time such as 30m, 8h or 7d' : 'a time from 1s to 3650d';
  throw new MiroliveError('USAGE', `expected ${what} for --expires, got ${expires}`, {
    hint: 'For example: mirolive keys create --room lobby --expires 8h',
  });
}
