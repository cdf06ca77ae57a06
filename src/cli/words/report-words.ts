import type { Report, ReportFigures } from '../../contract/report.ts';
import { bar, sparkline } from './chart.ts';
import { moment, type Paint, printable, span } from './format.ts';
import { figureWords, percent, watchedWords } from './report-figures.ts';
import { least, most, resampled } from './resampled.ts';
import { cutToWidth, textWidth } from './text-width.ts';

/** No picture is wider: it is read at a glance, and pasted elsewhere. */
const widest = 100;
const nameColumns = 14;
const barColumns = 24;
/** So many browsers are told of; the others together. */
const mostNames = 8;

/** Where a report is shown. */
export interface ReportPlace {
  readonly now: number;
  readonly columns: number;
  readonly paint: Paint;
}

/** A report for a terminal: figures, lines over time, and what it was watched with. Pure. */
export function reportWords(report: Report, { now, columns, paint }: ReportPlace): string[] {
  const width = Math.min(columns, widest);
  const heading = headingLines(report, now, width).map((line, at) => (at === 0 ? paint('bold', line) : line));
  if (report.total.there + report.total.joined === 0 && report.total.minutesWatched === 0)
    return [...heading, '', ...nobodyLines(report)];
  const lines = figureWords(report.total).map(([name, words]) => `${named(name, paint)}${words}`);
  return [
    ...heading,
    '',
    ...lines,
    '',
    ...timeLines(report, width, now, paint),
    ...shareLines('by', report.kinds, width, paint),
    ...shareLines('browser', report.browsers, width, paint),
  ];
}

function headingLines(
  { title, broadcast, room, from, until, completeSince }: Report,
  now: number,
  width: number,
) {
  const what =
    broadcast === null ? `Room ${room}` : `${printable(title ?? 'Broadcast')} (${broadcast}) in room ${room}`;
  const long = span(Date.parse(until) - Date.parse(from));
  const when = `${moment(from, now)} to ${moment(until, now)}, ${long}`;
  return [
    cutToWidth(what, width),
    when,
    ...(completeSince > from ? [`Before ${moment(completeSince, now)} some, or all, is missing.`] : []),
  ];
}

function nobodyLines({ broadcast, room }: Report): string[] {
  return broadcast === null
    ? ['Nobody was there.', `Further back: mirolive report --room ${room} --since 30d`]
    : ['Nobody has watched it.', `The link to hand out: mirolive rooms`];
}

interface Line {
  readonly name: string;
  readonly of: (one: ReportFigures) => number | null;
  /** What a column tells of the intervals in it: the worst, so that no short trouble is lost. */
  readonly told: (values: readonly (number | null)[]) => number | null;
  /** At the upper end; default: the most that there is. */
  readonly end?: number;
  readonly words: (value: number) => string;
}

const lines: readonly Line[] = [
  { name: 'viewers', of: ({ peak }) => peak, told: most, words: (value) => `${value} at most` },
  {
    ...{ name: 'freezes', of: ({ freezesPerHour }: ReportFigures) => freezesPerHour, told: most },
    words: (value) => `${value} per hour at worst`,
  },
  {
    ...{ name: 'best quality', of: ({ bestShare }: ReportFigures) => bestShare, told: least, end: 1 },
    words: (value) => `${percent(value)} at worst`,
  },
  {
    ...{
      name: 'first picture',
      of: ({ firstPicture }: ReportFigures) => firstPicture?.p95Ms ?? null,
      told: most,
    },
    words: (value) => `${(value / 1000).toFixed(1)} s at worst`,
  },
];

/** A line over time for each figure that is known. */
function timeLines(
  { intervals, from, until, stepMs }: Report,
  width: number,
  now: number,
  paint: Paint,
): string[] {
  const wordColumns = 22;
  const columns = Math.max(10, width - nameColumns - wordColumns);
  const drawn = lines.flatMap(({ name, of, told, end, words }) => {
    const values = resampled(intervals.map(of), columns, told);
    const edge = told(values);
    if (edge === null) return [];
    const picture = sparkline(values, end ?? Math.max(1, most(values) ?? 1));
    return [`${named(name, paint)}${paint('cyan', picture)}  ${words(edge)}`];
  });
  const shown = Math.min(intervals.length, columns);
  const ends = [moment(from, now).slice(0, -3), moment(until, now).slice(0, -3)] as const;
  const room = shown - textWidth(ends[0]) - textWidth(ends[1]);
  const axis = room < 1 ? ends[0] : `${ends[0]}${' '.repeat(room)}${ends[1]}`;
  return [...drawn, `${' '.repeat(nameColumns)}${paint('dim', `${axis}  ${stepWords(stepMs)}`)}`];
}

function stepWords(stepMs: number): string {
  return `in steps of ${span(stepMs)}`;
}

/** What it was watched with, the most first. */
function shareLines(what: string, all: Report['browsers'], width: number, paint: Paint): string[] {
  const minutes = all.reduce((sum, one) => sum + one.minutesWatched, 0);
  if (minutes === 0) return [];
  const rest = all.slice(mostNames).reduce((sum, one) => sum + one.minutesWatched, 0);
  const named = [...all.slice(0, mostNames), ...(rest > 0 ? [{ name: 'others', minutesWatched: rest }] : [])];
  const nameWidth = Math.min(
    Math.max(nameColumns - 2, ...named.map(({ name }) => textWidth(printable(name)))),
    Math.max(10, width - barColumns - 24),
  );
  return [
    '',
    paint('dim', what),
    ...named.map((one) => {
      const name = cutToWidth(printable(one.name), nameWidth);
      const share = one.minutesWatched / minutes;
      const gap = ' '.repeat(nameWidth - textWidth(name));
      return `${name}${gap}  ${paint('cyan', bar(share, barColumns))}  ${percent(share).padStart(5)}  ${watchedWords(one.minutesWatched)}`;
    }),
  ];
}

function named(name: string, paint: Paint): string {
  return paint('dim', name.padEnd(nameColumns));
}
