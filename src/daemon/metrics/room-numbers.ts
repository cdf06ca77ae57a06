import { contentFaults } from '../../contract/content.ts';
import { healthWords } from '../../contract/view/health.ts';
import type { MeasuredRoom } from './figures.ts';
import { Growth } from './growth.ts';
import { type Labels, type Numbers, setAll, summed } from './registry.ts';
import { tallyOf } from './viewer-tally.ts';

/** Rooms that have numbers of their own, as they are now, and whose name stands for all others. */
export interface LabelledRooms {
  readonly known: readonly MeasuredRoom[];
  readonly all: readonly (MeasuredRoom & { readonly label: string })[];
}

/** The numbers of rooms and of what is on air in them; gives what sets them. */
export function roomNumbers(numbers: Numbers): (rooms: LabelledRooms) => void {
  const gauge = numbers.gauge.bind(numbers);
  const room = ['room'];
  const rooms = gauge('rooms', 'Rooms that have a broadcast or viewers.');
  const wanted = gauge('room_wanted', '1: something is to be on air in the room.', room);
  const onAir = gauge('room_on_air', 'What is on air in a room: main, take, run, fallback-1, slate.', [
    ...room,
    'entry',
  ]);
  const health = gauge('room_health', '1 for how the room fares: idle, starting, well, strained, bad.', [
    ...room,
    'health',
  ]);
  const rate = gauge('broadcast_bytes_per_second', 'What the programme of a room takes, once.', room);
  const fps = gauge('broadcast_frames_per_second', 'Pictures that leave each second.', room);
  const buffered = gauge(
    'broadcast_buffered_seconds',
    'Media read ahead of what is on air; near 0: its pipeline is too slow.',
    room,
  );
  const wrong = gauge('content_wrong', '1: viewers of the room are given this now.', [...room, 'fault']);
  const restarts = numbers.counter('pipeline_restarts', 'How often ffmpeg was started anew.', room);
  const slates = numbers.counter('slates', 'How often the slate came.', room);
  const growth = new Growth();
  return ({ known, all }) => {
    rooms.set(all.length);
    setAll(
      wanted,
      each(known, ({ wanted }) => (wanted ? 1 : 0)),
    );
    setAll(
      health,
      known.flatMap(({ name, health }) =>
        healthWords.map((word) => [{ room: name, health: word }, word === health ? 1 : 0] as const),
      ),
    );
    const live = known.flatMap(({ name, broadcast }) => (broadcast ? [{ name, ...broadcast }] : []));
    setAll(
      onAir,
      live.map(({ name, entry }) => [{ room: name, entry }, 1] as const),
    );
    setAll(
      rate,
      each(live, ({ stats }) => stats.bitrateBps / 8),
    );
    setAll(
      fps,
      each(live, ({ stats }) => stats.fps),
    );
    setAll(
      buffered,
      each(live, ({ stats }) => stats.bufferedMs / 1000),
    );
    setAll(
      wrong,
      live.flatMap(({ name, wrong }) =>
        contentFaults.map((fault) => [{ room: name, fault }, wrong.includes(fault) ? 1 : 0] as const),
      ),
    );
    for (const { name, id, stats } of live) {
      restarts.inc({ room: name }, growth.of(`${id} restarts`, stats.restarts));
      slates.inc({ room: name }, growth.of(`${id} slates`, stats.slates));
    }
    growth.keep(new Set(live.flatMap(({ id }) => [`${id} restarts`, `${id} slates`])));
  };
}

/** The numbers of those who watch; gives what sets them. */
export function viewerNumbers(numbers: Numbers): (rooms: LabelledRooms) => void {
  const gauge = numbers.gauge.bind(numbers);
  const viewers = gauge('viewers', 'Viewers by room, player and state.', ['room', 'kind', 'state']);
  const blind = gauge(
    'viewers_without_picture',
    'Viewers whose players cannot decode the picture, or did not ask for it.',
    ['room'],
  );
  const suffering = gauge('viewers_suffering', 'Viewers who have it bad, by what they suffer.', [
    'room',
    'suffers',
  ]);
  const worst = gauge('viewer_worst_loss_ratio', 'The same of the one who loses most.', ['room']);
  const loss = gauge(
    'viewer_loss_ratio',
    'Share that is lost of what is sent to the one in the middle of all viewers.',
    ['room'],
  );
  const sent = gauge('viewer_bytes_per_second', 'What leaves for all viewers of a room.', ['room']);
  return ({ known, all }) => {
    const tallies = all.map(({ label: room, viewers }) => ({ room, ...tallyOf(viewers) }));
    setAll(
      viewers,
      summed(
        tallies.flatMap(({ room, alike }) => alike.map((some) => ({ room, ...some }))),
        ({ room, kind, state }) => ({ room, kind, state }),
        ({ count }) => count,
      ),
    );
    setAll(
      blind,
      summed(
        tallies.filter(({ withoutPicture }) => withoutPicture > 0),
        ({ room }) => ({ room }),
        ({ withoutPicture }) => withoutPicture,
      ),
    );
    setAll(
      suffering,
      summed(
        tallies.flatMap(({ room, suffering }) => suffering.map((some) => ({ room, ...some }))),
        ({ room, suffers }) => ({ room, suffers }),
        ({ count }) => count,
      ),
    );
    const ratio = (percent: number | null) => (percent === null ? null : percent / 100);
    setAll(
      loss,
      each(known, ({ audience }) => ratio(audience.lossPercent)),
    );
    setAll(
      worst,
      each(known, ({ audience }) => ratio(audience.worstLossPercent)),
    );
    setAll(
      sent,
      each(known, ({ audience: { bitrateBps } }) => (bitrateBps === null ? null : bitrateBps / 8)),
    );
  };
}

function each<T extends { readonly name: string }>(
  rooms: readonly T[],
  value: (room: T) => number | null,
): (readonly [Labels, number | null])[] {
  return rooms.map((room) => [{ room: room.name }, value(room)] as const);
}
