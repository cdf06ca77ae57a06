import type { Figures, MeasuredRoom } from '../../../src/daemon/metrics/figures.ts';
import { stats } from '../../cli/samples.ts';

/** Somebody who watches well. */
export const viewer = { kind: 'page', state: 'playing', picture: true, suffers: null } as const;

/** A room with a talk on air and three viewers, one of whom hears it only. */
export const lobby: MeasuredRoom = {
  name: 'lobby',
  viewers: [viewer, viewer, { ...viewer, picture: false, suffers: 'loss' }],
  wanted: true,
  health: 'well',
  broadcast: { id: 'b-aaaaaaaaaa', entry: 'main', stats, wrong: ['frozen'] },
  audience: { bitrateBps: 8_000_000, lossPercent: 2, worstLossPercent: 9 },
};

/** A room that a stranger's address has made. */
export const madeUp: MeasuredRoom = {
  ...{ name: 'made-up', viewers: [viewer], wanted: false, health: 'idle', broadcast: null },
  audience: { bitrateBps: null, lossPercent: null, worstLossPercent: null },
};

/** A daemon with a talk on air. */
export const figures: Figures = {
  rooms: [lobby, madeUp, { ...madeUp, name: 'made-up-2', viewers: [{ ...viewer, state: 'waiting' }] }],
  publishers: [{ protocol: 'rtmp', state: 'live' }],
  degraded: [{ part: 'say "rtmp"\\\n', failures: 3, nextTryAt: '2026-01-02T03:04:05.000Z' }],
  processes: [
    { pid: 1, kind: 'worker', cpuMs: 1500, memoryBytes: 1000 },
    { pid: 2, kind: 'worker', cpuMs: 2000, memoryBytes: 500 },
  ],
  disks: [{ of: 'state', freeBytes: 10, totalBytes: 100 }],
  network: { received: 5, sent: 7 },
  certificates: [{ of: 'rtmp', endsAtMs: 1_800_000_000_000 }],
};
