import { connect } from '../program/context.ts';
import type { Verb } from '../program/verb.ts';
import { broadcastTable } from '../words/broadcast-tables.ts';

/** `mirolive broadcasts` */
export const add = (program: Verb) =>
  program
    .verb('broadcasts', 'What is on air.', [
      'mirolive broadcasts',
      "mirolive broadcasts --json | jq -r '.[].id'",
    ])
    .does(async (context) => {
      const list = await (await connect(context)).call('listBroadcasts', {});
      context.output.show(list, () => broadcastTable(list, context.output.paint));
    });
