import { connect } from '../program/context.ts';
import type { Verb } from '../program/verb.ts';
import { roomTable } from '../words/broadcast-tables.ts';

/** `mirolive rooms` */
export const add = (program: Verb) =>
  program
    .verb('rooms', 'Rooms that have a broadcast or viewers.', [
      'mirolive rooms',
      "mirolive rooms --json | jq -r '.[].name'",
    ])
    .does(async (context) => {
      const list = await (await connect(context)).call('listRooms', {});
      context.output.show(list, () => roomTable(list, context.output.paint));
    });
