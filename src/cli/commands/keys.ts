import { InvalidArgumentError } from 'commander';
import { MiroliveError } from '../../contract/errors.ts';
import type { Client } from '../client.ts';
import { type Context, connect } from '../program/context.ts';
import { duration } from '../program/options.ts';
import { warnOfRoom } from '../program/room.ts';
import type { RoomOption, Verb } from '../program/verb.ts';
import { keyTable, newKeyLines } from '../words/key-table.ts';

/** The longest that the API takes: ten years. */
const maxKeyLifetimeMs = 3650 * 86_400_000;

interface Expiry {
  /** In ms. */
  readonly expires?: number;
}

/** `mirolive keys …` */
export function add(program: Verb): void {
  const keys = program.verb('keys', 'Stream keys, with which OBS and others publish into a room.', [
    'mirolive keys create --room lobby',
    'mirolive keys list',
  ]);
  keys
    .verb('create', 'Make a stream key. It is shown this once, with what to paste into OBS.', [
      'mirolive keys create --room lobby',
      'mirolive keys create --room lobby --name stage --expires 8h',
      'mirolive keys create --room lobby --json | jq -r \'.addresses.rtmp+"/"+.secret\'',
    ])
    .requiredOption('--room <room>', 'room that is published into')
    .option('--name <name>', 'what its publisher is called; cam1, cam2 … by default')
    .option('--expires <time>', 'valid for so long, such as 8h; for ever by default', lifetime)
    .does(create);
  keys
    .verb('list', 'Stream keys, without their secrets.', [
      'mirolive keys list',
      'mirolive keys list --room lobby --revoked',
    ])
    .option('--room <room>', 'only of this room')
    .option('--revoked', 'those too that are revoked')
    .does(list);
  keys
    .verb('revoke', 'Make a stream key void. Who publishes with it is cut off at once.', [
      'mirolive keys revoke k-k3v7qm2xay',
      'mirolive keys revoke cam1 --room lobby',
    ])
    .argument('<key>', 'its id, or its name where no other has it')
    .option('--room <room>', 'only a key of this room')
    .does(revoke);
  keys
    .verb('rotate', 'Give a stream key another secret. Who publishes with the old one is cut off at once.', [
      'mirolive keys rotate k-k3v7qm2xay',
      'mirolive keys rotate cam1 --room lobby --expires 8h',
    ])
    .argument('<key>', 'its id, or its name where no other has it')
    .option('--room <room>', 'only a key of this room')
    .option('--expires <time>', 'valid for so long from now on; as before by default', lifetime)
    .does(rotate);
}

async function create(
  context: Context,
  { room, name, expires }: { readonly room: string; readonly name?: string } & Expiry,
): Promise<undefined> {
  const client = await connect(context);
  await warnOfRoom(context, room);
  const made = await client.call('createKey', { room, name, expiresMs: expires ?? null });
  context.output.show(made, () => newKeyLines(made, Date.now(), context.output.paint));
}

async function list(
  context: Context,
  { room, revoked = false }: RoomOption & { readonly revoked?: boolean },
): Promise<undefined> {
  const keys = await (await connect(context)).call('listKeys', { room, revoked });
  context.output.show(keys, () => keyTable(keys, Date.now(), context.output.paint));
}

async function revoke(context: Context, words: string, { room }: RoomOption): Promise<undefined> {
  const client = await connect(context);
  const key = await client.call('revokeKey', { id: await keyId(client, words, room) });
  context.output.show(key, () => [`Revoked: stream key ${key.name} of room ${key.room} (${key.id})`]);
}

async function rotate(
  context: Context,
  words: string,
  { expires, room }: Expiry & RoomOption,
): Promise<undefined> {
  const client = await connect(context);
  const id = await keyId(client, words, room);
  const made = await client.call('rotateKey', { id, expiresMs: expires });
  context.output.show(made, () => newKeyLines(made, Date.now(), context.output.paint));
}

/** The id of a key that is named by it, also where it is revoked, or by a name that no other key has. */
async function keyId(client: Client, words: string, room: string | undefined): Promise<string> {
  const keys = await client.call('listKeys', { room, revoked: true });
  if (keys.some(({ id }) => id === words)) return words;
  const [only, ...others] = keys.filter(({ name, state }) => name === words && state !== 'revoked');
  if (only === undefined) {
    const where = room === undefined ? '' : ` in room ${room}`;
    throw new MiroliveError('KEY_NOT_FOUND', `there is no stream key ${words}${where}`);
  }
  if (others.length === 0) return only.id;
  const ids = [only, ...others].map((key) => `${key.id} (room ${key.room})`);
  throw new MiroliveError(
    'USAGE',
    `expected the id of a key, since several are called ${words}: ${ids.join(', ')}`,
    {
      hint: 'Say one of these ids, or its room with --room',
    },
  );
}

function lifetime(text: string): number {
  const ms = duration(text);
  if (ms < 1000 || ms > maxKeyLifetimeMs) throw new InvalidArgumentError('Expected a time from 1s to 3650d.');
  return ms;
}
