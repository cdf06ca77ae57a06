import { type Line, span, type Tint } from './line.ts';

const steps = '▁▂▃▄▅▆▇█';

/** A row of bars, the newest at the right end; from nothing to the highest that is shown. */
export function sparkline(values: readonly number[], columns: number): string {
  const shown = values.slice(-columns);
  const most = Math.max(1, ...shown);
  const bars = shown.map((value) => steps[Math.min(7, Math.ceil((value / most) * 8) - 1)] ?? ' ');
  return bars.join('').padStart(columns);
}

/** How far a share of 1 is, as a bar. */
export function bar(share: number, columns: number, tint: Tint = 'good'): Line {
  const filled = Math.round(columns * Math.min(1, Math.max(0, share)));
  return [span('█'.repeat(filled), tint), span('░'.repeat(columns - filled), 'dim')];
}

/** Below it, nobody hears anything, in dB of full scale or LUFS. */
const floorDb = -60;
/** From here on it is loud, and from there on too loud for what comes on top. */
const [loudDb, hotDb] = [-14, -6];

/** A level of sound as a meter; null: it is not known. */
export function meter(db: number | null, columns: number): Line {
  if (db === null) return [span('–'.padEnd(columns), 'dim')];
  const cells = (until: number) => Math.round(columns * Math.min(1, Math.max(0, 1 - until / floorDb)));
  const [level, loud, hot] = [cells(db), cells(loudDb), cells(hotDb)];
  return [
    span('█'.repeat(Math.min(level, loud)), 'good'),
    span('█'.repeat(Math.max(0, Math.min(level, hot) - loud)), 'warn'),
    span('█'.repeat(Math.max(0, level - hot)), 'bad'),
    span('░'.repeat(columns - level), 'dim'),
  ];
}
