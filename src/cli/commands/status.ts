import type { Broadcast, Status } from '../../contract/models.ts';
import { type Context, connect } from '../context.ts';
import { count, printable, span } from '../format.ts';
import type { Output } from '../output.ts';
import { broadcastTable, roomTable } from '../tables.ts';

/** `mirolive status` */
export async function status(context: Context): Promise<undefined> {
  const client = await connect(context);
  const { output } = context;
  const now = await client.call('status', {});
  output.show(now, () => [
    `${output.paint('bold', `mirolive ${now.version}`)}  pid ${now.pid}, up ${span(Date.now() - Date.parse(now.startedAt))}`,
    `page     ${now.viewerUrl}`,
    `socket   ${now.socket}`,
    ...(now.rtmp === null
      ? []
      : [
          `rtmp     ${[now.rtmp.url, now.rtmp.tlsUrl].filter(Boolean).join(', ')} (${count(now.publishers, 'publisher')})`,
        ]),
    ...(now.state.problem === null ? [] : [`state    ${output.paint('red', printable(now.state.problem))}`]),
    ...now.degraded.map(
      ({ part, reason }) => `${output.paint('red', 'degraded')} ${part}: ${printable(reason)}`,
    ),
    ...logLines(now, output),
    `workers  ${now.workers.map((worker) => `pid ${worker.pid} (port ${worker.port}, ${count(worker.viewers, 'viewer')})`).join(', ')}`,
    `viewers  ${now.viewers}`,
    '',
    ...broadcastTable(now.broadcasts, output),
    ...adviceLines(now.broadcasts, output),
    ...(now.rooms.length === 0 ? [] : ['', ...roomTable(now.rooms, output)]),
  ]);
}

/** What of the log is lost, and why. */
function logLines({ log }: Status, { paint }: Pick<Output, 'paint'>): string[] {
  if (log.dropped === 0) return [];
  const why = log.problem === null ? '' : `: ${printable(log.problem)}`;
  return [`log      ${paint('red', `${count(log.dropped, 'line')} lost${why}`)}`];
}

/** What publishers should set, so that their pictures cost less. */
function adviceLines(broadcasts: readonly Broadcast[], { paint }: Pick<Output, 'paint'>): string[] {
  const lines = broadcasts
    .filter(({ advice }) => advice !== null)
    .map(({ room, advice }) => `${paint('yellow', 'advice')}  ${room}: ${printable(advice ?? '')}`);
  return lines.length === 0 ? [] : ['', ...lines];
}
