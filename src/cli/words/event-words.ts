import { contentWords } from '../../contract/content-words.ts';
import type { Event } from '../../contract/events.ts';
import { clock } from '../../contract/media-time.ts';
import type { EndReason } from '../../contract/models.ts';
import { shownBytes } from '../../contract/path-bytes.ts';
import type { SwitchReason } from '../../contract/programme-event.ts';
import type { LeaveReason } from '../../contract/publishing.ts';
import { isScheduleEvent, scheduleEventWords } from '../../contract/schedule-event-words.ts';
import { lackWords } from '../../contract/source-words.ts';
import { bitrate, count, moment, planLines, printable, span, zoneAt } from './format.ts';

/** Why a hand is down. */
const lowered = {
  self: 'lowered by whoever raised it',
  operator: 'lowered by an operator',
  left: 'who raised it has left',
  off: 'no hands are raised in the room any more',
} as const;

/** An event as one line for people. */
export function eventWords(event: Event, now: number): string {
  if (isScheduleEvent(event))
    return `${event.room}: ${printable(scheduleEventWords(event, (at) => moment(at, now)))}`;
  switch (event.type) {
    case 'events.open':
      return event.from === event.at
        ? 'listening'
        : `what is remembered since ${moment(event.from, now)} ${zoneAt(event.from)}`;
    case 'broadcast.started':
      return `${event.room}: on air: ${printable(event.value.name)} (${event.broadcast})`;
    case 'broadcast.ended':
      return `${event.room}: ${endWords(event.reason, event.message)} after ${clock(Date.parse(event.at) - Date.parse(event.startedAt))} (${event.broadcast})`;
    case 'broadcast.stats':
      return `${event.room}: ${clock(event.stats.positionMs)}, ${Math.round(event.stats.fps)} fps, ${bitrate(event.stats.bitrateBps)}, ${count(event.viewers, 'viewer')}`;
    case 'broadcast.back':
      return `${event.room}: on air again (${event.broadcast})`;
    case 'pipeline.started':
      return `${event.room}: ffmpeg started, pid ${event.pid}; ${planLines(event.plan).join('; ')}`;
    case 'pipeline.failed':
      return `${event.room}: ffmpeg failed (${count(event.restarts, 'restart')}): ${printable(event.message)}`;
    case 'pipeline.overloaded':
      return `${event.room}: ${overloadWords(event)}`;
    case 'programme.switched':
      return `${event.room}: ${switchWords(event)} (${event.broadcast})`;
    case 'programme.changed':
      return `${event.room}: ${event.paused ? 'paused' : 'playing'}, volume ${event.volumePercent} %${event.muted ? ', muted' : ''}`;
    case 'programme.sought':
      return `${event.room}: ${entryWords(event)} goes to ${clock(event.positionMs)} by command`;
    case 'source.away':
      return `${event.room}: ${entryWords(event)} is away: ${printable(event.reason)}`;
    case 'source.lacks':
      return `${event.room}: ${event.tracks.length === 0 ? `picture and sound come again from ${entryWords(event)}` : lackWords(entryWords(event), event.tracks)}`;
    case 'source.gap':
      return `${event.room}: ${gapWords(event)}`;
    case 'source.back':
      return `${event.room}: ${entryWords(event)} is back`;
    case 'content.black':
    case 'content.frozen':
    case 'content.silent':
    case 'content.clipping':
    case 'content.back':
      return `${event.room}: ${contentEventWords(event)}`;
    case 'plan.changed':
      return `${event.room}: ${entryWords(event)} from now on: ${planLines(event.plan).join('; ')}${event.advice === null ? '' : `. ${event.advice}`}`;
    case 'playlist.item':
      return `${event.room}: item ${event.index + 1} of the playlist: ${printable(event.words)} (${event.item})`;
    case 'playlist.skipped':
      return `${event.room}: skipped ${printable(event.words)} (${event.item}): ${printable(event.reason)}`;
    case 'folder.changed':
    case 'folder.empty':
    case 'folder.away':
    case 'folder.back':
      return `${event.room}: ${folderWords(event)}`;
    case 'viewer.joined':
      return `${event.room}: viewer ${event.viewer.id} joined from ${printable(event.viewer.address)} by ${event.viewer.kind}`;
    case 'viewer.left':
      return `${event.room}: viewer ${event.id} left`;
    case 'hand.raised':
      return `${event.room}: ${printable(event.name)} (${event.id}) raises a hand`;
    case 'hand.lowered':
      return `${event.room}: the hand of ${printable(event.name)} (${event.id}) is down: ${lowered[event.why]}`;
    case 'viewer.suffers':
      return `${event.room}: ${event.suffering} of ${count(event.viewers, 'viewer')} have it bad, most likely by the ${event.cause}: ${printable(event.reason)}; next: ${printable(event.hint)}`;
    case 'viewer.recovered':
      return `${event.room}: ${printable(event.reason ?? 'viewers fare well again')} (${event.suffering} of ${count(event.viewers, 'viewer')} have it bad)`;
    case 'publisher.joined':
      return `${event.room}: ${event.publisher.key} publishes by ${event.publisher.protocol} from ${printable(event.publisher.address)} (${event.publisher.id})`;
    case 'publisher.left':
      return `${event.room}: ${event.key} publishes no longer: ${leaveWords[event.reason]} (${event.id})`;
    case 'publisher.refused':
      return `${event.room === null ? '' : `${event.room}: `}somebody at ${printable(event.address)} may not publish by ${event.protocol}: ${printable(event.message)}`;
    case 'publisher.silent':
      return `${event.room}: ${event.key} is connected, but sends nothing (${event.id})`;
    case 'publisher.heard':
      return `${event.room}: ${event.key} sends again (${event.id})`;
    case 'room.created':
      return `${event.room}: the room was made`;
    case 'room.deleted':
      return `${event.room}: the room was deleted`;
    case 'rtmp.died':
      return `the RTMP server died, and its publishers with it: ${printable(event.message)} (pid ${event.pid})`;
    case 'rtmp.back':
      return `the RTMP server is back: publishers may come again (pid ${event.pid})`;
    case 'ingest.died':
      return `an ingest process died, ${roomsWords(event.rooms)}: ${printable(event.message)} (pid ${event.pid})`;
    case 'guard.died':
      return `the source guard died, addresses are opened again: ${printable(event.message)} (pid ${event.pid})`;
    case 'source.quarantined':
      return `${event.room}: ${printable(event.reason)}; next: ${printable(event.hint)}`;
    case 'worker.died':
      return `worker ${event.pid} died: ${printable(event.message)}`;
    case 'daemon.degraded':
      return isReread(event.part)
        ? `what the ${event.part} was before holds: ${printable(event.reason)}`
        : `${event.part} cannot be had back for now: ${printable(event.reason)}`;
    case 'daemon.recovered':
      return isReread(event.part) ? `the ${event.part} is read again` : `${event.part} is back`;
    case 'daemon.stopping':
      return 'the daemon is ending';
    case 'webhook.ended':
      return `webhook ${event.webhook} (${event.url}) has ended: ${printable(event.reason)}`;
    case 'webhook.lost':
      return `webhook ${event.webhook} (${event.url}) is not told ${count(event.count, 'event')}: ${event.why === 'late' ? 'they were not taken for a day' : 'too many wait'}`;
  }
}

/** What becomes of the rooms of a process that died. */
function roomsWords(rooms: readonly string[]): string {
  return rooms.length === 0
    ? 'it had no room'
    : `${rooms.join(', ')} ${rooms.length === 1 ? 'goes' : 'go'} on in another`;
}

/** What is read again at SIGHUP: where that fails, nothing is missing. */
function isReread(part: string): boolean {
  return part === 'configuration' || part === 'log';
}

/** What is on air now, and why, in words. */
export function switchWords(event: Extract<Event, { type: 'programme.switched' }>): string {
  const { from, to, insteadOf, reason } = event;
  // The slate itself is never away: it stood in until something else was ready.
  const left = from.entry === 'slate' ? insteadOf : from;
  const old = left ? printable(left.words) : 'what was on air before it';
  const words: Readonly<Record<SwitchReason, string>> = {
    away: `${old} is away`,
    ended: `${old} has ended`,
    failed: `${old} has failed`,
    content: `${old} is black and silent`,
    back: 'it is back',
    command: 'by command',
  };
  return `on air now: ${entryWords(to)}; ${words[reason]}`;
}

/** How much is missing, and why. */
export function gapWords(event: Extract<Event, { type: 'source.gap' }>): string {
  const missing = `${(event.missingMs / 1000).toFixed(1)} s`;
  return `${entryWords(event)} goes on without ${missing} of it: ${printable(event.reason)}`;
}

/** What viewers would complain of, or what they would not any more. */
export function contentEventWords(event: ContentEvent): string {
  const { type } = event;
  const ms = Date.parse(event.at) - Date.parse(event.since);
  if (type === 'content.back')
    return `over, after ${span(ms)}: ${contentWords(entryWords(event), { fault: event.fault, hadSound: false })}`;
  const fault = (
    {
      'content.black': 'black',
      'content.frozen': 'frozen',
      'content.silent': 'silent',
      'content.clipping': 'clipping',
    } as const
  )[type];
  const hadSound = type === 'content.silent' && event.hadSound;
  return `${contentWords(entryWords(event), { fault, hadSound })} for ${span(ms)}`;
}

type ContentEvent = Extract<
  Event,
  { type: 'content.black' | 'content.frozen' | 'content.silent' | 'content.clipping' | 'content.back' }
>;

type FolderEvent = Extract<
  Event,
  { type: 'folder.changed' | 'folder.empty' | 'folder.away' | 'folder.back' }
>;

/** What becomes of a folder that is played. */
export function folderWords(event: FolderEvent): string {
  const path = printable(shownBytes(event.path));
  if (event.type === 'folder.empty') return `there is nothing to play in ${path}; files that come are taken`;
  if (event.type === 'folder.away')
    return `${path} is away, its files stay in the list: ${printable(event.reason)}`;
  if (event.type === 'folder.back') return `${path} is back`;
  const { added, removed, replaced, name, files, leftOut } = event;
  const changes = [
    ...(added > 0 ? [`${added} more`] : []),
    ...(removed > 0 ? [`${removed} gone`] : []),
    ...(replaced > 0 ? [`${replaced} replaced`] : []),
  ];
  const such = added + removed + replaced === 1 ? '' : 'such as ';
  const tooMany = leftOut === 0 ? '' : `; ${leftOut} are left out, since there are too many`;
  return `${path}: ${changes.join(', ')} (${such}${printable(shownBytes(name))}), ${count(files, 'file')} now${tooMany}`;
}

/** How slow ffmpeg is, what was done about it, and what helps. */
export function overloadWords({
  speed,
  renditions,
  hint,
}: Extract<Event, { type: 'pipeline.overloaded' }>): string {
  const done = renditions === null ? '' : ` From now on only ${renditions.join(', ')}.`;
  return `ffmpeg is too slow, ${Math.round(speed * 100)} % of real time.${done} ${hint}`;
}

/** An entry of a programme: `talk.mp4 (main)`; the slate is called slate. */
export function entryWords({ entry, words }: { readonly entry: string; readonly words: string }): string {
  if (entry === 'slate') return 'slate';
  // Its words say which schedule's.
  return entry === 'run' ? printable(words) : `${printable(words)} (${entry})`;
}

const leaveWords: Readonly<Record<LeaveReason, string>> = {
  left: 'it ended',
  silent: 'it sent nothing for too long',
  takeover: 'another one came with its stream key',
  revoked: 'its stream key was revoked',
  rotated: 'its stream key has another secret now',
  expired: 'the time of its stream key is over',
  died: 'the server that took it in died',
  tooMuch: 'it sent more than limits.sourceBitrate',
  codec: 'it sends a codec that is not taken',
  shutdown: 'the daemon is ending',
};

/** Why a broadcast is over, in words. */
export function endWords(reason: EndReason, message: string | null): string {
  const words: Readonly<Record<EndReason, string>> = {
    ended: 'ended',
    stopped: 'stopped',
    failed: 'failed',
    shutdown: 'ended with the daemon',
    replaced: 'something else is on air',
  };
  return message === null ? words[reason] : `${words[reason]}: ${printable(message)}`;
}
