import type { Context } from '../context.ts';
import type { Row } from '../row.ts';
import { copied, memory, transcoded } from './broadcast.ts';
import { openedLadder, openedPage, waitingPage } from './first-frame.ts';
import { latency, whipLatency } from './live.ts';
import { outage } from './outage.ts';
import { ready, status } from './start.ts';
import { switches } from './switches.ts';
import { viewers } from './viewers.ts';

/** What is measured, by the name on the command line, in this order. */
export const measurements: Readonly<Record<string, (context: Context) => Promise<Row[]>>> = {
  ready,
  status,
  'waiting-page': waitingPage,
  'opened-page': openedPage,
  'opened-ladder': openedLadder,
  memory,
  copied,
  transcoded,
  latency,
  'whip-latency': whipLatency,
  outage,
  switches,
  viewers,
};
