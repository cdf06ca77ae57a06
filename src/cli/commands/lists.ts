import { type Context, connect } from '../context.ts';
import { deviceTables } from '../device-tables.ts';
import { broadcastTable, roomTable, viewerTable } from '../tables.ts';

/** `mirolive rooms` */
export async function rooms(context: Context): Promise<undefined> {
  const list = await (await connect(context)).call('listRooms', {});
  context.output.show(list, () => roomTable(list, context.output));
}

/** `mirolive broadcasts` */
export async function broadcasts(context: Context): Promise<undefined> {
  const list = await (await connect(context)).call('listBroadcasts', {});
  context.output.show(list, () => broadcastTable(list, context.output));
}

/** `mirolive devices` */
export async function devices(context: Context): Promise<undefined> {
  const found = await (await connect(context)).call('listDevices', {});
  context.output.show(found, () => deviceTables(found, context.output));
}

/** `mirolive viewers [--room R]` */
export async function viewers(context: Context, { room }: { readonly room?: string }): Promise<undefined> {
  const list = await (await connect(context)).call('listViewers', { room });
  context.output.show(list, () => viewerTable(list, Date.now(), context.output));
}
