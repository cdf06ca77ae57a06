import type { Event } from '../contract/events.ts';
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
