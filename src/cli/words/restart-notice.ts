import { keptPart } from '../../contract/kept-part.ts';
import type { Broadcast, Status } from '../../contract/models.ts';
import type { ListedPublisher } from '../../contract/publishing.ts';
import type { ListedOccurrence } from '../../contract/schedule.ts';
import type { Starter } from '../../contract/starter.ts';
import { stateVersion } from '../../contract/state-version.ts';
import { count, moment, type Paint, printable, span, table, zoneAt } from './format.ts';
import { starterWords } from './starter-words.ts';

/** What is scheduled within it is told, in ms. */
const hourMs = 3_600_000;
/** So much of that. */
const mostScheduled = 10;

/** Who would notice it if the daemon were started anew now. */
export interface RestartNotice {
  /** Whether anybody would. */
  readonly noticed: boolean;
  /** `kept`: it is on air again afterwards; else it is lost. */
  readonly rooms: readonly {
    readonly room: string;
    readonly broadcast: string;
    readonly viewers: number;
    readonly kept: boolean;
  }[];
  /** They would have to connect again. */
  readonly publishers: readonly { readonly room: string; readonly key: string }[];
  /** What schedules begin within the next hour. */
  readonly scheduled: readonly { readonly schedule: string; readonly room: string; readonly at: string }[];
  /** Viewers in all rooms, those too that wait where nothing is on air. */
  readonly viewers: number;
  /** How long the last start of the daemon took, in ms, as it measured; null: it does not tell. */
  readonly lastStartTookMs: number | null;
  /** Whether a restart takes up another build. */
  readonly newerBuild: boolean;
  /** Why what is to go on cannot be written now, so that it would be lost, or be as it was before; null: it can. */
  readonly unwritten: string | null;
  /** Who starts the daemon again; null: it does not tell. */
  readonly starter: Starter | null;
  readonly pid: number;
  /** Versions of the state's tables: of the daemon that runs, null where it does not tell, and of this build. */
  readonly state: { readonly running: number | null; readonly installed: number };
}

/** From what a daemon says of itself. */
export function restartNotice(
  status: Status,
  publishers: readonly ListedPublisher[],
  coming: readonly ListedOccurrence[] = [],
  now = 0,
): RestartNotice {
  const viewersIn = (room: string) => status.rooms.find(({ name }) => name === room)?.viewers ?? 0;
  const rooms = status.broadcasts.map((broadcast) => ({
    room: broadcast.room,
    broadcast: broadcast.id,
    viewers: viewersIn(broadcast.room),
    kept: isKept(broadcast),
  }));
  const unwritten = status.degraded.find(({ part }) => part === keptPart)?.reason ?? null;
  const isLost = rooms.some(({ kept }) => !kept || unwritten !== null);
  const noticed = status.viewers > 0 || publishers.length > 0 || isLost;
  return {
    noticed,
    rooms,
    publishers: publishers.map(({ room, key }) => ({ room, key })),
    scheduled: coming
      .filter(({ at }) => Date.parse(at) - now <= hourMs)
      .map(({ schedule, room, at }) => ({ schedule, room, at })),
    viewers: status.viewers,
    lastStartTookMs: status.startTookMs ?? null,
    newerBuild: status.newerBuild ?? false,
    unwritten,
    starter: status.starter ?? null,
    pid: status.pid,
    state: { running: status.state.version ?? null, installed: stateVersion },
  };
}

/** The same in words, with what to run. */
export function restartNoticeLines(notice: RestartNotice, paint: Paint, now = 0): string[] {
  const { noticed, rooms, publishers, scheduled, viewers, lastStartTookMs, newerBuild, unwritten, state } =
    notice;
  const starter = notice.starter && starterWords(notice.starter, notice.pid);
  const lost = rooms.filter(({ kept }) => !kept);
  const keptWords = unwritten === null ? 'on air again' : paint('red', 'as it was, or lost');
  const rows = rooms.map(({ room, broadcast, viewers, kept }) => [
    room,
    broadcast,
    String(viewers),
    kept ? keptWords : paint('red', 'lost'),
  ]);
  return [
    noticed ? paint('yellow', 'A restart now would be noticed.') : 'Nobody would notice a restart now.',
    `build      ${newerBuild ? 'a newer one waits for a restart' : 'no newer one'}`,
    `state      ${stateWords(state)}`,
    ...(unwritten === null ? [] : [paint('red', `           ${printable(unwritten)}`)]),
    `takes      ${lastStartTookMs === null ? 'not known: the daemon does not tell how long its start took' : `${seconds(lastStartTookMs)}, as its last start did, until it answers; pictures come after that`}`,
    ...(starter === null ? [] : [`run by     ${starter.words}`]),
    ...(starter?.next ? [`           → ${starter.next}`] : []),
    `viewers    ${viewers}${viewers > 0 ? '; their pages come back by themselves' : ''}`,
    ...(publishers.length === 0
      ? []
      : [
          `publishers ${publishers.map(({ room, key }) => printable(`${room}/${key}`)).join(', ')}: they have to connect again`,
        ]),
    ...scheduled
      .slice(0, mostScheduled)
      .map(
        ({ schedule, room, at }) =>
          `scheduled  ${schedule} in ${room}, ${moment(at, now)} ${zoneAt(at)}: begins late if the daemon is not back by then`,
      ),
    ...(rows.length === 0 ? [] : ['', ...table(['ROOM', 'ID', 'VIEWERS', 'AFTERWARDS'], rows, paint)]),
    ...(lost.length === 0
      ? []
      : ['', `${count(lost.length, 'broadcast')} would have to be started again by hand.`]),
    '',
    newerBuild || noticed
      ? `Restart it with: ${starter?.restart ?? 'systemctl restart mirolive; without systemd, end its process, then: mirolive daemon --background'}`
      : 'No newer build waits for a restart.',
  ];
}

/** A daemon that does not tell keeps nothing. */
function isKept(broadcast: Broadcast): boolean {
  return 'kept' in broadcast && broadcast.kept === true;
}

function stateWords({ running, installed }: RestartNotice['state']): string {
  if (running === null) return `this build has version ${installed}; the daemon does not tell its own`;
  if (running === installed) return `version ${running}, as this build has it`;
  return running < installed
    ? `version ${running}, becomes ${installed}: an older mirolive cannot read it then`
    : `version ${running}, and this build reads no more than ${installed}: it would start without it`;
}

function seconds(ms: number): string {
  return ms < 10_000 ? `${(ms / 1000).toFixed(1)} s` : span(ms);
}
