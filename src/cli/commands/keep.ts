import { Argument } from 'commander';
import { type Context, connect } from '../program/context.ts';
import { chooseRoom } from '../program/room.ts';
import type { RoomOption, Verb } from '../program/verb.ts';
import { warnUnwritten } from '../program/warn-unwritten.ts';
import { printable } from '../words/format.ts';

/** `mirolive keep on` and `mirolive keep off` */
export const add = (program: Verb) =>
  program
    .verb(
      'keep',
      'Say whether what is on air in a room goes on after a restart of the daemon or of the machine, where it was. What a publisher began, or keeps a room always on, does by itself.',
      ['mirolive keep on --room lobby', 'mirolive keep off --room lobby'],
    )
    .addArgument(new Argument('<state>', 'on or off').choices(['on', 'off']))
    .inRoom()
    .does(keep);

async function keep(context: Context, state: 'on' | 'off', options: RoomOption): Promise<undefined> {
  const client = await connect(context);
  const room = await chooseRoom(client, options);
  const kept = await client.call('keepBroadcast', { room, on: state === 'on' });
  const words = kept.kept ? 'goes on after a restart' : 'ends with the daemon';
  context.output.show(kept, () => [`${printable(kept.name)} in ${kept.room} (${kept.id}) ${words}`]);
  await warnUnwritten(context, client);
}
