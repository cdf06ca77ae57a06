import type { Family, Sample } from './exposition.ts';
import type { Figures } from './figures.ts';

/** Whatever is in rooms that strangers make up is one. */
const others = 'other';
/** So many rooms, and parts, have numbers of their own; the rest is of one. */
const maxLabels = 200;

/**
 * The numbers of a daemon, by name.
 *
 * @param knows whether somebody has declared a room, or put something on air there: any address makes the name of a room
 */
export function families(figures: Figures, knows: (room: string) => boolean): Family[] {
  const { rooms, processes, degraded, events, lag } = figures;
  const known = rooms.filter(({ name }) => knows(name)).slice(0, maxLabels);
  const named = new Set(known.map(({ name }) => name));
  const live = known.flatMap(({ name, broadcast }) => (broadcast ? [{ room: name, ...broadcast }] : []));
  const ofLive = (value: (one: (typeof live)[number]) => number) =>
    live.map((one): Sample => ({ labels: { room: one.room }, value: value(one) }));
  const gauge = (name: string, help: string, samples: readonly Sample[]): Family => ({
    ...{ name: `mirolive_${name}`, help, type: 'gauge', samples },
  });
  const counter = (name: string, help: string, samples: readonly Sample[]): Family => ({
    ...{ name: `mirolive_${name}_total`, help, type: 'counter', samples },
  });
  const people = rooms.flatMap(({ name, viewers }) =>
    viewers.map((viewer) => ({ ...viewer, room: named.has(name) ? name : others })),
  );
  const parts = degraded.slice(0, maxLabels);
  return [
    gauge('info', 'Which mirolive this is.', [{ labels: { version: figures.version }, value: 1 }]),
    gauge('rooms', 'Rooms that have a broadcast or viewers.', [{ value: rooms.length }]),
    gauge(
      'viewers',
      'Viewers by room, player and state.',
      summed(people, ({ room, kind, state }) => ({ room, kind, state })),
    ),
    gauge(
      'viewers_without_picture',
      'Viewers whose players cannot decode the picture, or did not ask for it.',
      summed(
        people.filter(({ picture }) => !picture),
        ({ room }) => ({ room }),
      ),
    ),
    gauge(
      'viewers_suffering',
      'Viewers who have it bad, by what they suffer: connecting, picture, loss, frozen.',
      summed(
        people.flatMap(({ room, suffers }) => (suffers === null ? [] : [{ room, suffers }])),
        ({ room, suffers }) => ({ room, suffers }),
      ),
    ),
    gauge('publishers', 'Who publishes by RTMP or WHIP.', [{ value: figures.publishers }]),
    gauge(
      'room_on_air',
      'What is on air in a room: main, take, run, fallback-1, slate.',
      live.map(({ room, entry }) => ({ labels: { room, entry }, value: 1 })),
    ),
    gauge(
      'broadcast_bitrate_bps',
      'Bit rate of a programme, in bit/s.',
      ofLive(({ stats }) => stats.bitrateBps),
    ),
    gauge(
      'broadcast_fps',
      'Pictures that leave each second.',
      ofLive(({ stats }) => stats.fps),
    ),
    gauge(
      'broadcast_buffered_seconds',
      'Media read ahead of what is on air; near 0: its pipeline is too slow.',
      ofLive(({ stats }) => stats.bufferedMs / 1000),
    ),
    gauge(
      'broadcast_pipeline_restarts',
      'How often ffmpeg was started anew in the broadcast.',
      ofLive(({ stats }) => stats.restarts),
    ),
    gauge(
      'broadcast_slates',
      'How often the slate came in the broadcast.',
      ofLive(({ stats }) => stats.slates),
    ),
    gauge('degraded_parts', 'Parts of the daemon that cannot be had back for now.', [
      { value: degraded.length },
    ]),
    gauge(
      'degraded_failures',
      'How often a part failed in a row that is missing; it is tried again with back-off.',
      parts.map(({ part, failures }) => ({ labels: { part }, value: failures })),
    ),
    counter(
      'processes_cpu_seconds',
      'Processor time of the processes that run now, by kind.',
      summed(
        processes,
        ({ kind }) => ({ kind }),
        ({ cpuSeconds }) => cpuSeconds,
      ),
    ),
    gauge(
      'processes_memory_bytes',
      'Resident memory of the processes that run now, by kind.',
      summed(
        processes,
        ({ kind }) => ({ kind }),
        ({ memoryBytes }) => memoryBytes,
      ),
    ),
    gauge(
      'event_loop_lag_seconds',
      'How late the main thread comes to what is due, since it was asked last.',
      Object.entries(lag ?? {}).map(([quantile, value]) => ({ labels: { quantile }, value })),
    ),
    counter(
      'events',
      'What has happened since the start, by type: joins are viewer.joined, splices programme.switched.',
      [...events].map(([type, value]) => ({ labels: { type }, value })),
    ),
  ];
}

/** One number for all with the same labels. */
function summed<T>(
  all: readonly T[],
  labels: (one: T) => Readonly<Record<string, string>>,
  value: (one: T) => number = () => 1,
): Sample[] {
  const sums = new Map<string, { readonly labels: Readonly<Record<string, string>>; value: number }>();
  for (const one of all) {
    const its = labels(one);
    const key = Object.values(its).join(' ');
    const sum = sums.get(key);
    if (sum) sum.value += value(one);
    else sums.set(key, { labels: its, value: value(one) });
  }
  return [...sums.values()];
}
