import type { Report } from '../../contract/report.ts';

const columns = [
  ...['from', 'until', 'there', 'joined', 'left', 'peak', 'average', 'minutes_watched'],
  ...['freezes_per_hour', 'best_share', 'first_pictures', 'first_picture_p50_ms', 'first_picture_p95_ms'],
];

/** A row for each interval, the heading first; what is not known is empty. Lines end as RFC 4180 has it. Pure. */
export function reportCsv({ intervals, stepMs, until }: Report): string {
  const rows = intervals.map((one) => [
    one.at,
    new Date(Math.min(Date.parse(one.at) + stepMs, Date.parse(until))).toISOString(),
    ...[one.there, one.joined, one.left, one.peak, one.average, one.minutesWatched],
    ...[one.freezesPerHour, one.bestShare],
    ...[one.firstPicture?.count ?? 0, one.firstPicture?.p50Ms ?? null, one.firstPicture?.p95Ms ?? null],
  ]);
  return [columns, ...rows].map((row) => `${row.map(field).join(',')}\r\n`).join('');
}

function field(value: string | number | null): string {
  const text = value === null ? '' : String(value);
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
