import type { Context } from '../context.ts';
import type { Row } from '../row.ts';
import type { MeasurementName } from '../rows-explained.ts';
import { copied, copiedRtmp, memory, transcoded } from './broadcast.ts';
import { openedLadder, openedPage, openedWhep, waitingPage } from './first-frame.ts';
import { kick } from './kick.ts';
import { latency, whipLatency } from './live.ts';
import { metrics } from './metrics.ts';
import { outage } from './outage.ts';
import { setup } from './setup.ts';
import { ready, status } from './start.ts';
import { switches } from './switches.ts';
import { viewers } from './viewers.ts';
import { viewersList } from './viewers-list.ts';

/** What is measured, by the name on the command line. */
export const measurements: Readonly<Record<MeasurementName, (context: Context) => Promise<Row[]>>> = {
  ready,
  status,
  'waiting-page': waitingPage,
  'opened-page': openedPage,
  'opened-ladder': openedLadder,
  'opened-whep': openedWhep,
  memory,
  copied,
  'copied-rtmp': copiedRtmp,
  transcoded,
  latency,
  'whip-latency': whipLatency,
  outage,
  switches,
  viewers,
  kick,
  metrics,
  'viewers-list': viewersList,
  setup,
};
