import type { Viewer } from '../../contract/models.ts';
import { connect } from '../program/context.ts';
import type { RoomOption, Verb } from '../program/verb.ts';
import { bitrate, count, type Paint, printable, span, table } from '../words/format.ts';

/** `mirolive viewers [--room R]` */
export const add = (program: Verb) =>
  program
    .verb('viewers', 'Who watches.', ['mirolive viewers', 'mirolive viewers --room lobby'])
    .option('--room <room>', 'only of this room')
    .does(async (context, { room }: RoomOption) => {
      const list = await (await connect(context)).call('listViewers', { room });
      context.output.show(list, () => viewerTable(list, Date.now(), context.output.paint));
    });

/** A daemon that was started before an upgrade does not tell. */
const isWithoutPicture = ({ picture }: Viewer): boolean => picture === false;

/** Viewers as a table; a sentence with the way on if there are none. */
function viewerTable(viewers: readonly Viewer[], now: number, paint: Paint): string[] {
  if (viewers.length === 0) return ['No viewers. The links to hand out: mirolive rooms'];
  const blind = viewers.filter(isWithoutPicture).length;
  const rows = table(
    ['ID', 'ROOM', 'BY', 'STATE', 'QUALITY', 'RATE', 'SINCE', 'ADDRESS', 'BROWSER'],
    viewers.map((viewer) => [
      viewer.id,
      viewer.room,
      viewer.kind,
      viewer.state,
      isWithoutPicture(viewer) ? 'no picture' : (viewer.rendition ?? ''),
      viewer.bitrateBps === null ? '' : bitrate(viewer.bitrateBps),
      span(now - Date.parse(viewer.joinedAt)),
      printable(viewer.address),
      printable(viewer.userAgent ?? ''),
    ]),
    paint,
  );
  if (blind === 0) return rows;
  return [
    ...rows,
    '',
    `${blind} of ${count(viewers.length, 'viewer')} without picture: their players have no decoder for it, or asked for sound alone.`,
    'Their pages say what helps. What is on air, and in which codec: mirolive status',
  ];
}
