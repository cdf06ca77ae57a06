import { type Context, connect } from '../context.ts';
import { programmeTable } from '../programme-table.ts';
import { chooseRoom, type RoomOption } from '../room-choice.ts';

/** `mirolive programme [--room R]` */
export async function programme(context: Context, options: RoomOption): Promise<undefined> {
  const { output } = context;
  const client = await connect(context);
  const room = await chooseRoom(client, options);
  const state = await client.call('getProgramme', { room });
  output.show(state, () => programmeTable(room, state, Date.now(), output.paint));
}
