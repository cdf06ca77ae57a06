import { MiroliveError } from '../../contract/errors.ts';
import { hiddenWord } from '../../contract/hidden-word.ts';
import type { Status, WorkerBinary } from '../../contract/models.ts';
import type { ListedPublisher } from '../../contract/publishing.ts';
import { fastOneHint, workerFinding, workerVerdict } from '../../contract/worker-finding.ts';
import { type Context, connect } from '../program/context.ts';
import type { Output } from '../program/output.ts';
import type { Verb, WatchOption } from '../program/verb.ts';
import { broadcastTable, type ListedBroadcast, roomTable } from '../words/broadcast-tables.ts';
import { count, moment, type Paint, printable, span } from '../words/format.ts';
import { byTrouble, healthLines } from '../words/health-words.ts';
import { nextWords } from '../words/schedule-table.ts';
import { standbyLines } from '../words/standby-words.ts';
import { starterWords } from '../words/starter-words.ts';

interface StatusOptions extends WatchOption {
  readonly check?: boolean;
}

/** What a status tells; who watches it is not told the items of playlists. */
type ShownStatus = Omit<Status, 'broadcasts'> & { readonly broadcasts: readonly ListedBroadcast[] };

/** `mirolive status` */
export const add = (program: Verb) =>
  program
    .verb('status', 'The daemon at a glance.', [
      'mirolive status',
      'mirolive status --json | jq .viewers',
      'mirolive status --check',
      'mirolive status --watch',
    ])
    .option('--check', 'exit 1 where no room can be served, as /healthz says it')
    .watched()
    .does(status);

async function status(context: Context, { check = false, watch = false }: StatusOptions): Promise<number> {
  const { output } = context;
  if (watch) {
    if (check)
      throw new MiroliveError('USAGE', 'expected --check or --watch: what goes on has no exit status');
    const { watch: watched } = await import('../program/watch.ts');
    const { viewedPublishers, viewedStatus } = await import('../viewed-lists.ts');
    return await watched(context, await connect(context), {}, (view) => {
      const now = viewedStatus(view);
      return { value: now, words: () => statusLines(now, viewedPublishers(view), output), fold: true };
    });
  }
  const client = await connect(context);
  const now = await client.call('status', {});
  const publishers = now.publishers === 0 || output.json ? [] : await client.call('listPublishers', {});
  output.show(now, () => statusLines(now, publishers, output), { fold: true });
  return check && now.servable === false ? 1 : 0;
}

function statusLines(
  now: ShownStatus,
  publishers: readonly ListedPublisher[],
  { paint, columns }: Pick<Output, 'paint' | 'columns'>,
): string[] {
  const rooms = byTrouble(now.rooms);
  return [
    `${paint('bold', `mirolive ${now.version}`)}  pid ${now.pid}, up ${span(Date.now() - Date.parse(now.startedAt))}`,
    ...rooms.flatMap(({ name, health }) => healthLines(name, health, paint)),
    ...(now.newerBuild
      ? [`build    ${paint('yellow', 'a newer one waits for a restart of the daemon')}`]
      : []),
    ...starterLines(now, paint),
    `page     ${now.viewerUrl}`,
    ...(now.socket === hiddenWord ? [] : [`socket   ${now.socket}`]),
    ...(now.config ? [`config   ${printable(now.config)}`] : []),
    ...(now.control ? [`control  ${now.control.address}, ${now.control.fingerprint}`] : []),
    ...(now.rtmp === null
      ? []
      : [
          `rtmp     ${[now.rtmp.url, now.rtmp.tlsUrl].filter(Boolean).join(', ')} (pid ${now.rtmp.pid}, ${count(now.publishers, 'publisher')})`,
        ]),
    ...stateLines(now, paint),
    ...now.degraded.map(
      ({ part, reason, since }) =>
        `${paint('red', 'degraded')} ${part} since ${moment(since, Date.now())}: ${printable(reason)}`,
    ),
    ...logLines(now, paint),
    ...workersLines(now),
    ...(now.worker ? workerLines(now.worker, paint) : []),
    ...ingestLines(now),
    ...nextRunLines(now),
    `viewers  ${now.viewers}${now.viewersWithoutPicture > 0 ? ` (${now.viewersWithoutPicture} without picture: mirolive viewers)` : ''}`,
    '',
    ...broadcastTable(now.broadcasts, paint, columns - 1),
    ...spaced(adviceLines(now.broadcasts, paint)),
    ...spaced(standbyLines(publishers, paint)),
    ...spaced(rooms.length === 0 ? [] : roomTable(rooms, paint, columns - 1)),
  ];
}

/** Where the state is, as far as that is told, or why it cannot be used. */
function stateLines({ state: { folder, problem } }: ShownStatus, paint: Paint): string[] {
  if (problem !== null) return [`state    ${paint('red', printable(problem))}`];
  return folder === hiddenWord ? [] : [`state    ${folder}`];
}

/** Whoever is bound to rooms is told of none. */
function workersLines({ workers }: ShownStatus): string[] {
  const words = workers.map(
    ({ pid, port, viewers }) => `pid ${pid} (port ${port}, ${count(viewers, 'viewer')})`,
  );
  return words.length === 0 ? [] : [`workers  ${words.join(', ')}`];
}

/** Which worker it is, and what makes it the fast one where it is not. */
function workerLines(worker: WorkerBinary, paint: Paint): string[] {
  const { state } = workerFinding(worker);
  const hint = worker.capabilities && state !== 'ok' ? [`         → ${fastOneHint(worker)}`] : [];
  const verdict = workerVerdict(worker);
  return [`worker   ${state === 'ok' ? verdict : paint('yellow', verdict)}`, ...hint];
}

/** What a schedule begins next. */
function nextRunLines({ nextRun }: ShownStatus): string[] {
  if (!nextRun) return [];
  const { schedule, room, words } = nextRun;
  const when = nextWords({ next: nextRun }, Date.now());
  return [`next     ${schedule} in ${room}, ${when}: ${printable(words)}`];
}

/** Who starts the daemon again, and what makes somebody do so. */
function starterLines({ starter, pid }: ShownStatus, paint: Paint): string[] {
  if (!starter) return [];
  const { words, next } = starterWords(starter, pid);
  return next === null ? [`run by   ${words}`] : [`run by   ${paint('yellow', words)}`, `         → ${next}`];
}

/** What of the log is lost, and why. */
function logLines({ log }: ShownStatus, paint: Paint): string[] {
  if (log.dropped === 0) return [];
  const why = log.problem === null ? '' : `: ${printable(log.problem)}`;
  return [`log      ${paint('red', `${count(log.dropped, 'line')} lost${why}`)}`];
}

/** What publishers should set, so that their pictures cost less. */
function adviceLines(broadcasts: readonly ListedBroadcast[], paint: Paint): string[] {
  return broadcasts
    .filter(({ advice }) => advice !== null)
    .flatMap(({ room, advice }) => [
      `${paint('yellow', 'advice')}   ${room}: ${printable(advice ?? '')}`,
      ...(advice?.includes(': mirolive ')
        ? []
        : [`         → See how it is played: mirolive programme --room ${room}`]),
    ]);
}

/** Processes that sources are played in, with their rooms. */
function ingestLines({ ingest }: ShownStatus): string[] {
  if (ingest.length === 0) return [];
  return [
    `ingest   ${ingest.map(({ pid, rooms }) => `pid ${pid} (${rooms.join(', ') || 'no room'})`).join(', ')}`,
  ];
}

function spaced(lines: readonly string[]): string[] {
  return lines.length === 0 ? [] : ['', ...lines];
}
