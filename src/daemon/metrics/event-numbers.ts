import type { Event } from '../../contract/events.ts';
import type { Reported } from '../viewers/attendance.ts';
import type { Numbers } from './registry.ts';

/** Half a second is what one waits for without a thought, 10 s what one does not wait any more (J. Nielsen, Response Times, 1993). */
const firstPictureSeconds = [0.1, 0.25, 0.5, 0.75, 1, 1.5, 2, 3, 5, 10, 30];
/** No picture stands still more often between two reports: more is made up. */
const mostFreezes = 20;
/** Nor longer, in ms: pages report each 5 s. */
const mostFrozenMs = 10_000;
/** So long a speed that was told holds, in ms: it is told once a minute while it is too low. */
const slowMs = 90_000;

const deaths: Partial<Record<Event['type'], string>> = {
  'worker.died': 'worker',
  'ingest.died': 'ingest',
  'guard.died': 'guard',
  'rtmp.died': 'rtmp',
};

/** What counts as it happens. */
export interface EventNumbers {
  hear(event: Event, nowMs: number): void;
  /** A page has told how its viewer fares; `before` is what it had told. */
  reported(room: string, before: Reported, now: Reported, nowMs: number): void;
  /** What has been slow a while ago is not any more. @param live rooms that have a broadcast, by their labels */
  look(live: readonly string[], nowMs: number): void;
}

/** The numbers that follow from what happens, and from what pages report. @param labelOf what stands for a room */
export function eventNumbers(
  numbers: Numbers,
  labelOf: (room: string, nowMs: number) => string,
): EventNumbers {
  const events = numbers.counter('events', 'What has happened since the start, by type.', ['type']);
  const joins = numbers.counter('joins', 'Viewers who have come.', ['room', 'kind']);
  const splices = numbers.counter('splices', 'How often something else came on air, and why.', [
    'room',
    'reason',
  ]);
  const found = numbers.counter('content_findings', 'How often viewers were given this.', ['room', 'fault']);
  const died = numbers.counter('process_deaths', 'Processes that have died, and were replaced.', ['kind']);
  const freezes = numbers.counter('viewer_freezes', 'How often pictures stood still, as pages report.', [
    'room',
  ]);
  const frozen = numbers.counter('viewer_frozen_seconds', 'How long pictures stood still, as pages report.', [
    'room',
  ]);
  const firstPicture = numbers.histogram(
    'first_picture_seconds',
    'How long first pictures took, as pages report.',
    firstPictureSeconds,
  );
  const speed = numbers.gauge(
    'broadcast_pipeline_speed_ratio',
    'How fast ffmpeg is, where it is slower than real time; else 1, at which it is held.',
    ['room'],
  );
  for (const kind of Object.values(deaths)) died.inc({ kind }, 0);
  const slow = new Map<string, { readonly speed: number; readonly untilMs: number }>();
  return {
    hear(event, nowMs) {
      const { type } = event;
      events.inc({ type });
      const kind = deaths[type];
      if (kind !== undefined) died.inc({ kind });
      const room = 'room' in event && event.room !== null ? labelOf(event.room, nowMs) : null;
      if (room === null) return;
      if (type === 'viewer.joined') joins.inc({ room, kind: event.viewer.kind });
      else if (type === 'programme.switched') splices.inc({ room, reason: event.reason });
      else if (type === 'pipeline.overloaded')
        slow.set(room, { speed: event.speed, untilMs: nowMs + slowMs });
      else if (type === 'broadcast.ended') slow.delete(room);
      else if (type.startsWith('content.') && type !== 'content.back')
        found.inc({ room, fault: type.slice('content.'.length) });
    },
    reported(room, before, now, nowMs) {
      const label = { room: labelOf(room, nowMs) };
      const grown = (one: number | null | undefined, other: number | null | undefined, most: number) =>
        Math.min(most, Math.max(0, (other ?? 0) - (one ?? 0)));
      freezes.inc(label, grown(before.freezes, now.freezes, mostFreezes));
      frozen.inc(label, grown(before.frozenMs, now.frozenMs, mostFrozenMs) / 1000);
      if (before.firstPictureMs === null && now.firstPictureMs !== null)
        firstPicture.observe(now.firstPictureMs / 1000);
    },
    look(live, nowMs) {
      for (const [room, { untilMs }] of slow) if (untilMs <= nowMs) slow.delete(room);
      speed.reset();
      for (const room of live) speed.set({ room }, slow.get(room)?.speed ?? 1);
    },
  };
}
