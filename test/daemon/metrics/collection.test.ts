import { expect, test } from 'vitest';
import type { Event } from '../../../src/contract/events.ts';
import { createCollection } from '../../../src/daemon/metrics/collection.ts';
import type { Figures } from '../../../src/daemon/metrics/figures.ts';
import type { Form } from '../../../src/daemon/metrics/registry.ts';
import { stats } from '../../cli/samples.ts';
import { figures, lobby, viewer } from './samples.ts';

const lag = { p50: 1, p99: 10, max: Number.NaN };
const knowsLobby = (room: string) => room === 'lobby';
const hourMs = 3_600_000;

async function collected(knows: (room: string) => boolean = knowsLobby) {
  const collection = await createCollection(knows);
  let atMs = 0;
  return {
    hear: (event: object) => collection.hear(event as Event, atMs),
    reported: (freezes: readonly [number | null, number], firstPictureMs: readonly [number | null, number]) =>
      collection.reported(
        'lobby',
        { freezes: freezes[0], firstPictureMs: firstPictureMs[0] },
        { freezes: freezes[1], frozenMs: freezes[1] * 1000, firstPictureMs: firstPictureMs[1] },
        atMs,
      ),
    pass: (ms: number) => {
      atMs += ms;
    },
    told: async (given: Figures = figures, form: Form = 'prometheus') => {
      await collection.set(given, lag, atMs);
      return (await collection.text(form)).split('\n');
    },
  };
}

test('A collection tells of rooms that somebody declared or put on air, and of all others as one', async () => {
  const { told } = await collected();
  const lines = await told();
  expect(lines.filter((line) => line.startsWith('mirolive_viewers'))).toEqual([
    'mirolive_viewers{room="lobby",kind="page",state="playing"} 3',
    'mirolive_viewers{room="(other)",kind="page",state="playing"} 1',
    'mirolive_viewers{room="(other)",kind="page",state="waiting"} 1',
    'mirolive_viewers_without_picture{room="lobby"} 1',
    'mirolive_viewers_suffering{room="lobby",suffers="loss"} 1',
  ]);
  expect(lines).toEqual(
    expect.arrayContaining([
      'mirolive_viewer_loss_ratio{room="lobby"} 0.02',
      'mirolive_viewer_worst_loss_ratio{room="lobby"} 0.09',
      'mirolive_viewer_bytes_per_second{room="lobby"} 1000000',
      'mirolive_broadcast_bytes_per_second{room="lobby"} 262500',
      'mirolive_broadcast_pipeline_speed_ratio{room="lobby"} 1',
      'mirolive_room_wanted{room="lobby"} 1',
      'mirolive_room_on_air{room="lobby",entry="main"} 1',
      'mirolive_room_health{room="lobby",health="well"} 1',
      'mirolive_room_health{room="lobby",health="bad"} 0',
      'mirolive_content_wrong{room="lobby",fault="frozen"} 1',
      'mirolive_content_wrong{room="lobby",fault="black"} 0',
      'mirolive_publishers{protocol="rtmp",state="live"} 1',
      'mirolive_processes_cpu_seconds_total{kind="worker"} 3.5',
      'mirolive_degraded{part="say \\"rtmp\\"\\\\\\n"} 1',
      'mirolive_back_off_failures{part="say \\"rtmp\\"\\\\\\n"} 3',
      'mirolive_disk_free_bytes{of="state"} 10',
      'mirolive_network_bytes_total{direction="sent"} 7',
      'mirolive_certificate_end_time_seconds{of="rtmp"} 1800000000',
    ]),
  );
  // What is no number is none.
  expect(lines.filter((line) => line.startsWith('mirolive_event_loop'))).toHaveLength(2);
  expect(lines.join()).not.toContain('made-up');
});

test('A collection has no more names of rooms and parts than a few hundred, however many there are', async () => {
  const many = Array.from({ length: 5000 }, (_, at) => `${at}`);
  const { told } = await collected(() => true);
  const lines = await told({
    ...figures,
    rooms: many.map((name) => ({ ...lobby, name, viewers: [viewer] })),
    degraded: many.map((part) => ({ part, failures: 1, nextTryAt: null })),
  });
  expect(lines.length).toBeLessThan(6000);
  expect(lines).toContain('mirolive_viewers{room="(other)",kind="page",state="playing"} 4800');
  expect(lines.filter((line) => line.startsWith('mirolive_degraded{'))).toHaveLength(200);
});

test('A collection tells no more of a room that nobody has known for an hour', async () => {
  let known = true;
  const { hear, pass, told } = await collected(() => known);
  hear({ type: 'viewer.joined', room: 'hall', viewer: { kind: 'whep' } });
  expect(await told()).toContain('mirolive_joins_total{room="hall",kind="whep"} 1');
  known = false;
  pass(hourMs - 1);
  expect(await told()).toContain('mirolive_joins_total{room="hall",kind="whep"} 1');
  pass(1);
  expect((await told({ ...figures, rooms: [] })).join()).not.toContain('hall');
});

test('A collection counts what happens, and no more than a page can have seen', async () => {
  const { hear, reported, pass, told } = await collected();
  hear({ type: 'programme.switched', room: 'lobby', reason: 'away' });
  hear({ type: 'content.black', room: 'lobby' });
  hear({ type: 'content.back', room: 'lobby' });
  hear({ type: 'worker.died' });
  hear({ type: 'pipeline.overloaded', room: 'lobby', speed: 0.7 });
  hear({ type: 'publisher.refused', room: null });
  reported([null, 2], [null, 700]);
  reported([2, 1_000_000], [700, 700]);
  reported([1_000_000, 0], [700, 900]);
  expect(await told()).toEqual(
    expect.arrayContaining([
      'mirolive_splices_total{room="lobby",reason="away"} 1',
      'mirolive_content_findings_total{room="lobby",fault="black"} 1',
      'mirolive_process_deaths_total{kind="worker"} 1',
      'mirolive_process_deaths_total{kind="ingest"} 0',
      'mirolive_broadcast_pipeline_speed_ratio{room="lobby"} 0.7',
      'mirolive_events_total{type="publisher.refused"} 1',
      'mirolive_viewer_freezes_total{room="lobby"} 22',
      'mirolive_viewer_frozen_seconds_total{room="lobby"} 12',
      'mirolive_first_picture_seconds_bucket{le="0.5"} 0',
      'mirolive_first_picture_seconds_bucket{le="0.75"} 1',
      'mirolive_first_picture_seconds_count 1',
    ]),
  );
  pass(90_000);
  expect(await told()).toContain('mirolive_broadcast_pipeline_speed_ratio{room="lobby"} 1');
});

test('A collection goes on counting where a broadcast or a process begins anew', async () => {
  const { told } = await collected();
  const after = (id: string, restarts: number, pid: number, cpuMs: number): Figures => ({
    ...figures,
    rooms: [
      { ...lobby, broadcast: lobby.broadcast && { ...lobby.broadcast, id, stats: { ...stats, restarts } } },
    ],
    processes: [{ pid, kind: 'ffmpeg', cpuMs, memoryBytes: 1 }],
  });
  await told(after('b-1', 2, 1, 5000));
  await told(after('b-1', 3, 1, 6000));
  expect(await told(after('b-2', 1, 2, 1000))).toEqual(
    expect.arrayContaining([
      'mirolive_pipeline_restarts_total{room="lobby"} 4',
      'mirolive_processes_cpu_seconds_total{kind="ffmpeg"} 7',
    ]),
  );
});

test('A collection is told in both forms, side by side, in any order', async () => {
  const { hear, told } = await collected();
  hear({ type: 'viewer.joined', room: 'lobby', viewer: { kind: 'page' } });
  const [older, open, again] = await Promise.all([
    told(),
    told(figures, 'openmetrics'),
    told(figures, 'prometheus'),
  ]);
  expect(again).toEqual(older);
  expect(older).toContain('# TYPE mirolive_joins_total counter');
  expect(open).toContain('# TYPE mirolive_joins counter');
  expect(open).toContain('mirolive_joins_total{room="lobby",kind="page"} 1');
  expect(open.slice(-2)).toEqual(['# EOF', '']);
});
