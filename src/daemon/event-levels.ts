import type { EventType } from '../contract/events.ts';

export type Level = 'error' | 'warn' | 'info';

/** How much an event matters in the log; null: it is no line there, or its source writes one that says more. */
export const eventLevels: Readonly<Record<EventType, Level | null>> = {
  'events.open': null,
  'broadcast.started': 'info',
  'broadcast.ended': 'info',
  'broadcast.back': 'info',
  'broadcast.stats': null,
  'pipeline.started': null,
  'pipeline.failed': 'warn',
  'pipeline.overloaded': 'warn',
  'programme.switched': 'info',
  'programme.changed': 'info',
  'programme.sought': 'info',
  'source.away': 'warn',
  'source.back': 'info',
  'plan.changed': 'info',
  'playlist.item': 'info',
  'playlist.skipped': 'warn',
  'viewer.joined': null,
  'viewer.left': null,
  'publisher.joined': 'info',
  'publisher.left': 'info',
  'publisher.refused': null,
  'publisher.silent': 'info',
  'publisher.heard': 'info',
  'rtmp.died': 'error',
  'rtmp.back': 'info',
  'ingest.died': 'error',
  'guard.died': 'error',
  'source.quarantined': 'error',
  'worker.died': 'error',
  'daemon.degraded': 'error',
  'daemon.recovered': 'info',
  'daemon.stopping': null,
};
