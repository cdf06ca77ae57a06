import { showList } from '../program/list.ts';
import type { Verb, WatchOption } from '../program/verb.ts';
import { broadcastTable, type ListedBroadcast } from '../words/broadcast-tables.ts';

/** `mirolive broadcasts` */
export const add = (program: Verb) =>
  program
    .verb('broadcasts', 'What is on air.', [
      'mirolive broadcasts',
      'mirolive broadcasts --watch',
      "mirolive broadcasts --json | jq -r '.[].id'",
    ])
    .watched()
    .does((context, { watch = false }: WatchOption) =>
      showList<readonly ListedBroadcast[]>(context, watch, {
        asked: (client) => client.call('listBroadcasts', {}),
        viewed: (view, { viewedBroadcasts }) => viewedBroadcasts(view),
        words: (list) => broadcastTable(list, context.output.paint, context.output.columns - 1),
      }),
    );
