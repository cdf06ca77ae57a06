import type { ListedPublisher } from '../../contract/publishing.ts';
import { showList } from '../program/list.ts';
import { warnOfNobody } from '../program/unknown-room.ts';
import type { RoomOption, Verb, WatchOption } from '../program/verb.ts';
import { type Paint, printable, span, table } from '../words/format.ts';
import { standbyLines } from '../words/standby-words.ts';

/** `mirolive publishers [--room R]` */
export const add = (program: Verb) =>
  program
    .verb('publishers', 'Who publishes, by RTMP and WHIP.', [
      'mirolive publishers',
      'mirolive publishers --watch',
      'mirolive publishers --room lobby --json',
    ])
    .option('--room <room>', 'only of this room')
    .watched()
    .does((context, { room, watch = false }: RoomOption & WatchOption) =>
      showList(context, watch, {
        asked: async (client) => {
          const there = await client.call('listPublishers', { room });
          if (room !== undefined && there.length === 0) await warnOfNobody(context, client, room);
          return there;
        },
        observed: { room, detail: 'glance' },
        viewed: (view, { viewedPublishers }) => viewedPublishers(view),
        words: (there) => [
          ...publisherTable(there, Date.now(), context.output.paint),
          ...standbyLines(there, context.output.paint),
        ],
      }),
    );

/** Publishers as a table; a sentence with the way on if there are none. */
function publisherTable(publishers: readonly ListedPublisher[], now: number, paint: Paint): string[] {
  if (publishers.length === 0)
    return ['No publishers. Make a stream key for one: mirolive keys create --room lobby'];
  return table(
    ['ID', 'ROOM', 'KEY', 'BY', 'STATE', 'SINCE', 'ADDRESS'],
    publishers.map((publisher) => [
      publisher.id,
      publisher.room,
      publisher.key,
      publisher.protocol,
      stateCell(publisher, paint),
      span(now - Date.parse(publisher.since)),
      printable(publisher.address),
    ]),
    paint,
  );
}

/** `live`: it is on air; one that sends, and waits to be taken, is not. */
function stateCell({ state, standby }: ListedPublisher, paint: Paint): string {
  if (state === 'live' && !standby) return paint('green', state);
  return paint('yellow', state === 'live' ? 'standby' : state);
}
