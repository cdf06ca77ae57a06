import { aligned, quantile } from '../row.ts';
import type { Received, ReceivedTrack } from '../whep-page.ts';
import type { Evenness } from './evenness.ts';
import type { Stage } from './stages.ts';

/** How long pictures took to a stage, in ms. */
export interface StageDelay {
  readonly name: string;
  /** Pictures that were seen there, of all that were shown. */
  readonly pictures: number;
  /** From their making; median and 95 %; null: none was seen there. */
  readonly sinceMade: readonly [number, number] | null;
  /** From the stage before that was seen. */
  readonly step: readonly [number, number] | null;
}

/** Delays stage by stage; the first stage is the making. */
export function delays(stages: readonly Stage[]): StageDelay[] {
  const [made] = stages;
  return stages.map(({ name, atMs }, index) => {
    const before = stages.slice(0, index).findLast((stage) => seen(stage.atMs).length > 0);
    const pictures = seen(atMs).length;
    return { name, pictures, sinceMade: between(made?.atMs, atMs), step: between(before?.atMs, atMs) };
  });
}

function seen(values: readonly number[]): number[] {
  return values.filter((value) => !Number.isNaN(value));
}

function between(from: readonly number[] | undefined, to: readonly number[]): [number, number] | null {
  const took = seen(to.map((at, index) => at - (from?.[index] ?? Number.NaN)));
  return took.length === 0 ? null : [quantile(took, 0.5), quantile(took, 0.95)];
}

/** All that a trace found, for people. */
export function traceText(server: string, stages: readonly Stage[], received: Received): string {
  const pair = (values: readonly [number, number] | null) => (values ?? []).map((value) => value.toFixed(1));
  const way = delays(stages).map(({ name, pictures, sinceMade, step }) => {
    const [median = '–', p95 = '–'] = pair(sinceMade);
    const [stepMedian = '–', stepP95 = '–'] = pair(step);
    return [name, median, p95, stepMedian, stepP95, `${pictures}`];
  });
  const even = stages.flatMap(({ name, video, audio }) =>
    video || audio ? [[name, ...evennessCells(video), ...evennessCells(audio)]] : [],
  );
  const browser = (['video', 'audio'] as const).map((kind) => trackCells(kind, received[kind]));
  return [
    `${server}: the way of a picture, in ms`,
    aligned([['stage', 'median', 'p95', 'step', 'step p95', 'pictures'], ...way]),
    '',
    'How evenly it passes, in ms: time between two (5 %, median, 95 %) and interarrival jitter',
    aligned([['stage', 'picture', 'jitter', 'sound', 'jitter'], ...even]),
    '',
    'What the browser says, in ms',
    aligned([['track', 'jitter', 'held back', 'least', 'packets lost'], ...browser]),
  ].join('\n');
}

function evennessCells(value: Evenness | null): string[] {
  if (!value) return ['–', '–'];
  return [value.gapsMs.map((gap) => gap.toFixed(0)).join(' / '), value.jitterMs.toFixed(1)];
}

function trackCells(kind: string, track: ReceivedTrack | null): string[] {
  if (!track) return [kind, '–', '–', '–', '–'];
  const { jitterMs, heldMs, leastHeldMs, packetsLost } = track;
  return [kind, ...[jitterMs, heldMs, leastHeldMs].map((value) => value.toFixed(1)), `${packetsLost}`];
}
