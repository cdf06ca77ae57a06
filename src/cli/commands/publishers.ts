import type { Publisher } from '../../contract/publishing.ts';
import { connect } from '../program/context.ts';
import type { RoomOption, Verb } from '../program/verb.ts';
import { type Paint, printable, span, table } from '../words/format.ts';

/** `mirolive publishers [--room R]` */
export const add = (program: Verb) =>
  program
    .verb('publishers', 'Who publishes, by RTMP and WHIP.', [
      'mirolive publishers',
      'mirolive publishers --room lobby --json',
    ])
    .option('--room <room>', 'only of this room')
    .does(async (context, { room }: RoomOption) => {
      const there = await (await connect(context)).call('listPublishers', { room });
      context.output.show(there, () => publisherTable(there, Date.now(), context.output.paint));
    });

/** Publishers as a table; a sentence with the way on if there are none. */
function publisherTable(publishers: readonly Publisher[], now: number, paint: Paint): string[] {
  if (publishers.length === 0)
    return ['No publishers. Make a stream key for one: mirolive keys create --room lobby'];
  return table(
    ['ID', 'ROOM', 'KEY', 'BY', 'STATE', 'SINCE', 'ADDRESS'],
    publishers.map((publisher) => [
      publisher.id,
      publisher.room,
      publisher.key,
      publisher.protocol,
      paint(publisher.state === 'live' ? 'green' : 'yellow', publisher.state),
      span(now - Date.parse(publisher.since)),
      printable(publisher.address),
    ]),
    paint,
  );
}
