import type { Starter } from '../../contract/starter.ts';
import type { ViewedDaemon } from '../../contract/view/view.ts';
import type { Health } from '../health.ts';
import type { LogState } from '../ops/log-sink.ts';
import { newerBuild } from '../ops/newer-build.ts';
import type { Publishing } from '../publishers/publishing.ts';
import type { Schedules } from '../schedule/schedules.ts';
import type { WorkerPool } from '../sfu/worker-pool.ts';
import { versions } from '../version.ts';

export interface ViewedDaemonOptions {
  readonly pool: Pick<WorkerPool, 'binary'>;
  readonly health: Pick<Health, 'degraded' | 'servable'>;
  readonly publishing: Pick<Publishing, 'status'>;
  readonly schedules: Pick<Schedules, 'calendar'>;
  /** When the daemon did. */
  readonly startedAt: string;
  /** How long that took. */
  readonly startTookMs: () => number;
  readonly starter: () => Starter;
  readonly socket: string;
  /** The file that it is read of. */
  readonly config: string | null;
  readonly viewerUrl: () => string;
  /** The control API's TCP port. */
  readonly control: () => ViewedDaemon['control'];
  readonly logState: () => LogState;
}

/** The daemon itself, as it is now. */
export function viewedDaemon(options: ViewedDaemonOptions): ViewedDaemon {
  const { pool, health, publishing, schedules, startedAt, socket, config } = options;
  const { rtmp, state } = publishing.status();
  return {
    version: versions.version,
    newerBuild: newerBuild(),
    pid: process.pid,
    startedAt,
    startTookMs: options.startTookMs(),
    starter: options.starter(),
    viewerUrl: options.viewerUrl(),
    ...{ socket, config },
    control: options.control(),
    rtmp,
    state,
    log: options.logState(),
    degraded: [...health.degraded],
    servable: health.servable,
    worker: pool.binary,
    nextRun: schedules.calendar.nextRun(),
  };
}
