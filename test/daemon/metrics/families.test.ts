import { expect, test } from 'vitest';
import { exposition } from '../../../src/daemon/metrics/exposition.ts';
import { families } from '../../../src/daemon/metrics/families.ts';
import type { Figures } from '../../../src/daemon/metrics/figures.ts';
import { stats } from '../../cli/samples.ts';

const viewer = { kind: 'page', state: 'playing', picture: true, suffers: null } as const;
const figures: Figures = {
  version: '1.2.3',
  rooms: [
    {
      name: 'lobby',
      viewers: [viewer, { ...viewer, suffers: 'loss' }, { ...viewer, picture: false }],
      broadcast: { entry: 'main', stats },
    },
    { name: 'made-up', viewers: [viewer], broadcast: null },
    { name: 'made-up-2', viewers: [{ ...viewer, state: 'waiting' }], broadcast: null },
  ],
  publishers: 1,
  degraded: [{ part: 'say "rtmp"\\\n', failures: 3 }],
  processes: [
    { kind: 'worker', cpuSeconds: 1.5, memoryBytes: 1000 },
    { kind: 'worker', cpuSeconds: 2, memoryBytes: 500 },
  ],
  lag: { '0.5': 0.001, '0.99': 0.01, '1': Number.NaN },
  events: new Map([['viewer.joined', 7]]),
};
const told = (given: Figures, knows: (room: string) => boolean = (room) => room === 'lobby') =>
  exposition(families(given, knows)).split('\n');

test('families tells of rooms that somebody declared or put on air, and of all others as one', () => {
  const lines = told(figures);
  expect(lines.filter((line) => line.startsWith('mirolive_viewers'))).toEqual([
    'mirolive_viewers{room="lobby",kind="page",state="playing"} 3',
    'mirolive_viewers{room="other",kind="page",state="playing"} 1',
    'mirolive_viewers{room="other",kind="page",state="waiting"} 1',
    'mirolive_viewers_without_picture{room="lobby"} 1',
    'mirolive_viewers_suffering{room="lobby",suffers="loss"} 1',
  ]);
  expect(lines).toContain('mirolive_broadcast_bitrate_bps{room="lobby"} 2100000');
  expect(lines).toContain('mirolive_processes_cpu_seconds_total{kind="worker"} 3.5');
  expect(lines).toContain('mirolive_events_total{type="viewer.joined"} 7');
  expect(lines).toContain('mirolive_degraded_failures{part="say \\"rtmp\\"\\\\\\n"} 3');
  // What is no number is none.
  expect(lines.filter((line) => line.startsWith('mirolive_event_loop'))).toHaveLength(2);
  expect(lines.join()).not.toContain('made-up');
});

test('families has no more names of rooms and parts than a few hundred, however many there are', () => {
  const many = Array.from({ length: 5000 }, (_, at) => `${at}`);
  const lines = told(
    {
      ...figures,
      rooms: many.map((name) => ({ name, viewers: [viewer], broadcast: { entry: 'main', stats } })),
      degraded: many.map((part) => ({ part, failures: 1 })),
    },
    () => true,
  );
  expect(lines.length).toBeLessThan(2000);
  expect(lines).toContain('mirolive_viewers{room="other",kind="page",state="playing"} 4800');
});
