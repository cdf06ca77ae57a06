/** Of a picture that is stretched to its place; its words stand beside it, where they keep their size. */
const width = 1000;
const height = 100;

/** Values over time, evenly, as an area that steps from one to the next, and each later series as a line above it. Pure. @param words what it is, for who cannot see it */
export function linesSvg(end: number, series: readonly (readonly number[])[], words: string): string {
  const paths = series.map((values, at) => {
    const line = steps(values, end);
    return at === 0
      ? `<path class="area" d="M0 ${height} ${line} L${width} ${height} Z"/>`
      : `<path class="line" d="M${line.slice(1)}"/>`;
  });
  return svg(paths.join(''), words);
}

/** Values over time as bars; one that is not known has none. Pure. */
export function barsSvg(end: number, values: readonly (number | null)[], words: string): string {
  const step = width / values.length;
  const bars = values.map((value, at) => {
    if (value === null) return '';
    // What is nothing is seen to be known.
    const high = Math.max(1, (Math.min(value, end) / end) * height);
    return `<rect class="bar" x="${rounded(at * step)}" y="${rounded(height - high)}" width="${rounded(step * 0.85)}" height="${rounded(high)}"/>`;
  });
  return svg(bars.join(''), words);
}

function steps(values: readonly number[], end: number): string {
  const step = width / values.length;
  return values
    .map((value, at) => {
      const y = rounded(height - (Math.min(value, end) / end) * height);
      return `L${rounded(at * step)} ${y} L${rounded((at + 1) * step)} ${y}`;
    })
    .join(' ');
}

function svg(inner: string, words: string): string {
  return `<svg viewBox="0 0 ${width} ${height}" preserveAspectRatio="none" role="img" aria-label="${words}">${inner}</svg>`;
}

function rounded(value: number): number {
  return Math.round(value * 100) / 100;
}
