import { MiroliveError } from '../../contract/errors.ts';
import { type Context, connect } from '../context.ts';
import { printable } from '../format.ts';

/** `mirolive stop ID` or `mirolive stop --room R` */
export async function stop(
  context: Context,
  { id, room }: { readonly id?: string; readonly room?: string },
): Promise<undefined> {
  if ((id === undefined) === (room === undefined)) {
    throw new MiroliveError('USAGE', 'expected either the id of a broadcast or --room', {
      hint: 'List what is on air: mirolive broadcasts',
    });
  }
  const client = await connect(context);
  const stopped =
    id === undefined
      ? await client.call('stopRoom', { room: room ?? '' })
      : await client.call('stopBroadcast', { id });
  context.output.show(stopped, () => [
    `Off air: ${printable(stopped.name)} in ${stopped.room} (${stopped.id})`,
  ]);
}
