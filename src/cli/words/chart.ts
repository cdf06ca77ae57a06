const steps = '▁▂▃▄▅▆▇█';
const unknown = ' ';

/** A row of bars from nothing to `end`; one that is not known is blank. Pure. */
export function sparkline(values: readonly (number | null)[], end: number): string {
  return values
    .map((value) => {
      if (value === null) return unknown;
      const height = Math.ceil((Math.min(value, end) / end) * steps.length);
      return steps[Math.max(0, height - 1)];
    })
    .join('');
}

/** How far a share of 1 is, as a bar. Pure. */
export function bar(share: number, columns: number): string {
  const filled = Math.round(columns * Math.min(1, Math.max(0, share)));
  return '█'.repeat(filled) + '░'.repeat(columns - filled);
}
