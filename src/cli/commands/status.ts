import type { Broadcast, Status, WorkerBinary } from '../../contract/models.ts';
import { fastOneHint, workerFinding, workerVerdict } from '../../contract/worker-finding.ts';
import { type Context, connect } from '../program/context.ts';
import type { Verb } from '../program/verb.ts';
import { broadcastTable, roomTable } from '../words/broadcast-tables.ts';
import { count, moment, type Paint, printable, span } from '../words/format.ts';
import { nextWords } from '../words/schedule-table.ts';
import { standbyLines } from '../words/standby-words.ts';
import { starterWords } from '../words/starter-words.ts';

/** `mirolive status` */
export const add = (program: Verb) =>
  program
    .verb('status', 'The daemon at a glance.', [
      'mirolive status',
      'mirolive status --json | jq .viewers',
      'mirolive status --check',
    ])
    .option('--check', 'exit 1 where no room can be served, as /healthz says it')
    .does(status);

async function status(context: Context, { check = false }: { readonly check?: boolean }): Promise<number> {
  const client = await connect(context);
  const { output } = context;
  const now = await client.call('status', {});
  const publishers = now.publishers === 0 || output.json ? [] : await client.call('listPublishers', {});
  output.show(now, () => [
    `${output.paint('bold', `mirolive ${now.version}`)}  pid ${now.pid}, up ${span(Date.now() - Date.parse(now.startedAt))}`,
    ...(now.newerBuild
      ? [`build    ${output.paint('yellow', 'a newer one waits for a restart of the daemon')}`]
      : []),
    ...starterLines(now, output.paint),
    `page     ${now.viewerUrl}`,
    `socket   ${now.socket}`,
    ...(now.control ? [`control  ${now.control.address}, ${now.control.fingerprint}`] : []),
    ...(now.rtmp === null
      ? []
      : [
          `rtmp     ${[now.rtmp.url, now.rtmp.tlsUrl].filter(Boolean).join(', ')} (pid ${now.rtmp.pid}, ${count(now.publishers, 'publisher')})`,
        ]),
    `state    ${now.state.problem === null ? now.state.folder : output.paint('red', printable(now.state.problem))}`,
    ...now.degraded.map(
      ({ part, reason, since }) =>
        `${output.paint('red', 'degraded')} ${part} since ${moment(since, Date.now())}: ${printable(reason)}`,
    ),
    ...logLines(now, output.paint),
    `workers  ${now.workers.map((worker) => `pid ${worker.pid} (port ${worker.port}, ${count(worker.viewers, 'viewer')})`).join(', ')}`,
    ...(now.worker ? workerLines(now.worker, output.paint) : []),
    ...ingestLines(now),
    ...nextRunLines(now),
    `viewers  ${now.viewers}${now.viewersWithoutPicture > 0 ? ` (${now.viewersWithoutPicture} without picture: mirolive viewers)` : ''}`,
    '',
    ...broadcastTable(now.broadcasts, output.paint),
    ...spaced(adviceLines(now.broadcasts, output.paint)),
    ...spaced(standbyLines(publishers, output.paint)),
    ...spaced(now.rooms.length === 0 ? [] : roomTable(now.rooms, output.paint)),
  ]);
  return check && now.servable === false ? 1 : 0;
}

/** Which worker it is, and what makes it the fast one where it is not. */
function workerLines(worker: WorkerBinary, paint: Paint): string[] {
  const { state } = workerFinding(worker);
  const hint = worker.capabilities && state !== 'ok' ? [`         → ${fastOneHint(worker)}`] : [];
  const verdict = workerVerdict(worker);
  return [`worker   ${state === 'ok' ? verdict : paint('yellow', verdict)}`, ...hint];
}

/** What a schedule begins next. */
function nextRunLines({ nextRun }: Status): string[] {
  if (!nextRun) return [];
  const { schedule, room, words } = nextRun;
  const when = nextWords({ next: nextRun }, Date.now());
  return [`next     ${schedule} in ${room}, ${when}: ${printable(words)}`];
}

/** Who starts the daemon again, and what makes somebody do so. */
function starterLines({ starter, pid }: Status, paint: Paint): string[] {
  if (!starter) return [];
  const { words, next } = starterWords(starter, pid);
  return next === null ? [`run by   ${words}`] : [`run by   ${paint('yellow', words)}`, `         → ${next}`];
}

/** What of the log is lost, and why. */
function logLines({ log }: Status, paint: Paint): string[] {
  if (log.dropped === 0) return [];
  const why = log.problem === null ? '' : `: ${printable(log.problem)}`;
  return [`log      ${paint('red', `${count(log.dropped, 'line')} lost${why}`)}`];
}

/** What publishers should set, so that their pictures cost less. */
function adviceLines(broadcasts: readonly Broadcast[], paint: Paint): string[] {
  return broadcasts
    .filter(({ advice }) => advice !== null)
    .map(({ room, advice }) => `${paint('yellow', 'advice')}  ${room}: ${printable(advice ?? '')}`);
}

/** Processes that sources are played in, with their rooms. */
function ingestLines({ ingest }: Status): string[] {
  if (ingest.length === 0) return [];
  return [
    `ingest   ${ingest.map(({ pid, rooms }) => `pid ${pid} (${rooms.join(', ') || 'no room'})`).join(', ')}`,
  ];
}

function spaced(lines: readonly string[]): string[] {
  return lines.length === 0 ? [] : ['', ...lines];
}
