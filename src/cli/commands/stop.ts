import { MiroliveError } from '../../contract/errors.ts';
import { type Context, connect } from '../program/context.ts';
import type { RoomOption, Verb } from '../program/verb.ts';
import { warnUnwritten } from '../program/warn-unwritten.ts';
import { printable } from '../words/format.ts';

/** `mirolive stop ID` or `mirolive stop --room R` */
export const add = (program: Verb) =>
  program
    .verb('stop', 'Take a broadcast off air, by its id or by its room.', [
      'mirolive stop --room lobby',
      'mirolive stop b-k3v7qm2xay',
    ])
    .argument('[id]', 'id of the broadcast, as mirolive broadcasts lists it')
    .option('--room <room>', 'what is on air in this room')
    .does(stop);

async function stop(context: Context, id: string | undefined, { room }: RoomOption): Promise<undefined> {
  if ((id === undefined) === (room === undefined)) {
    throw new MiroliveError('USAGE', 'expected either the id of a broadcast or --room', {
      hint: 'List what is on air: mirolive broadcasts',
    });
  }
  if (id !== undefined && !id.startsWith('b-')) {
    throw new MiroliveError(
      'USAGE',
      `expected the id of a broadcast, got '${id}'; did you mean --room ${id}?`,
      {
        hint: 'List what is on air: mirolive broadcasts',
      },
    );
  }
  const client = await connect(context);
  const stopped =
    id === undefined
      ? await client.call('stopRoom', { room: room ?? '' })
      : await client.call('stopBroadcast', { id });
  const isAlwaysOn = await staysOnAir(client, stopped.room);
  const what = `${printable(stopped.name)} in ${stopped.room} (${stopped.id})`;
  context.output.show(stopped, () =>
    isAlwaysOn
      ? [
          `Stopped: ${what}. The room is always on: viewers see its slate now, or what it falls back to.`,
          `  next: To end that too: mirolive rooms set ${stopped.room} alwaysOn=false`,
        ]
      : [`Off air: ${what}`],
  );
  await warnUnwritten(context, client);
}

/** Whether the room is on air nevertheless. What cannot be asked any more is not told. */
async function staysOnAir(client: Awaited<ReturnType<typeof connect>>, room: string): Promise<boolean> {
  const details = await client.call('getRoom', { room }).catch(() => null);
  return details?.settings.some(({ key, value }) => key === 'alwaysOn' && value === true) ?? false;
}
