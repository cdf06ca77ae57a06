import type { Event, SwitchReason } from '../contract/events.ts';
import type { EndReason } from '../contract/models.ts';
import { bitrate, clock, count, planLines, printable } from './format.ts';

/** An event as one line for people. */
export function eventWords(event: Event): string {
  switch (event.type) {
    case 'events.open':
      return 'listening';
    case 'broadcast.started':
      return `${event.room}: on air: ${printable(event.value.name)} (${event.broadcast})`;
    case 'broadcast.ended':
      return `${event.room}: ${endWords(event.reason, event.message)} after ${clock(event.stats.positionMs)} (${event.broadcast})`;
    case 'broadcast.stats':
      return `${event.room}: ${clock(event.stats.positionMs)}, ${Math.round(event.stats.fps)} fps, ${bitrate(event.stats.bitrateBps)}, ${count(event.viewers, 'viewer')}`;
    case 'pipeline.started':
      return `${event.room}: ffmpeg started, pid ${event.pid}; ${planLines(event.plan).join('; ')}`;
    case 'pipeline.failed':
      return `${event.room}: ffmpeg failed (${count(event.restarts, 'restart')}): ${printable(event.message)}`;
    case 'programme.switched':
      return `${event.room}: ${switchWords(event)} (${event.broadcast})`;
    case 'programme.changed':
      return `${event.room}: ${event.paused ? 'paused' : 'playing'}, volume ${event.volumePercent} %${event.muted ? ', muted' : ''}`;
    case 'source.away':
      return `${event.room}: ${entryWords(event)} is away: ${printable(event.reason)}`;
    case 'source.back':
      return `${event.room}: ${entryWords(event)} is back`;
    case 'plan.changed':
      return `${event.room}: ${entryWords(event)} is played in another way; ${planLines(event.plan).join('; ')}`;
    case 'playlist.item':
      return `${event.room}: item ${event.index + 1} of the playlist: ${printable(event.words)} (${event.item})`;
    case 'playlist.skipped':
      return `${event.room}: skipped ${printable(event.words)} (${event.item}): ${printable(event.reason)}`;
    case 'viewer.joined':
      return `${event.room}: viewer ${event.viewer.id} joined from ${printable(event.viewer.address)} by ${event.viewer.kind}`;
    case 'viewer.left':
      return `${event.room}: viewer ${event.id} left`;
    case 'worker.died':
      return `worker ${event.pid} died`;
    case 'daemon.stopping':
      return 'the daemon is ending';
  }
}

/** What is on air now, and why, in words. */
export function switchWords({ from, to, reason }: Extract<Event, { type: 'programme.switched' }>): string {
  const old = printable(from.words);
  const words: Readonly<Record<SwitchReason, string>> = {
    away: `${old} is away`,
    ended: `${old} has ended`,
    failed: `${old} has failed`,
    back: 'it is back',
    command: 'by command',
  };
  return `on air now: ${entryWords(to)}; ${words[reason]}`;
}

/** An entry of a programme: `talk.mp4 (main)`; the slate is called slate. */
export function entryWords({ entry, words }: { readonly entry: string; readonly words: string }): string {
  return entry === 'slate' ? 'slate' : `${printable(words)} (${entry})`;
}

/** Why a broadcast is over, in words. */
export function endWords(reason: EndReason, message: string | null): string {
  const words: Readonly<Record<EndReason, string>> = {
    ended: 'ended',
    stopped: 'stopped',
    failed: 'failed',
    shutdown: 'ended with the daemon',
  };
  return message === null ? words[reason] : `${words[reason]}: ${printable(message)}`;
}
