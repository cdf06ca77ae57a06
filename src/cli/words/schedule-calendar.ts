import { byPrecedence } from '../../contract/schedule/precedence.ts';
import { type Paint, printable, table } from './format.ts';
import { type LocalClock, localClock } from './local-clock.ts';
import { cutToWidth, textWidth } from './text-width.ts';

/** One run of a schedule that is to come. */
export interface ComingRun {
  readonly schedule: string;
  readonly room: string;
  readonly atMs: number;
  /** null: when what it plays ends, or somebody ends it. */
  readonly endsAtMs: number | null;
  /** What it plays. */
  readonly words: string;
  /** Where two are at one time the higher one is seen; of equal ones the later start. */
  readonly priority: number;
}

export interface CalendarView {
  /** Whose clock is shown: `Europe/Berlin`. */
  readonly zone: string;
  /** Of the terminal. */
  readonly columns: number;
  /** The time within which it is told too when nothing is scheduled in a room; null: it is not told. */
  readonly gapsWithin: { readonly fromMs: number; readonly toMs: number } | null;
}

interface Entry {
  readonly atMs: number;
  readonly cells: readonly [time: string, room: string, schedule: string, words: string];
  /** Below it. */
  readonly notes: readonly string[];
  readonly isGap: boolean;
}

/** Fewer of the words of what is played say nothing, in columns. */
const leastWords = 12;

/** Runs as a calendar: a heading for each day, below it what is on when and where, and what is above it where two are at one time. */
export function scheduleCalendar(runs: readonly ComingRun[], view: CalendarView, paint: Paint): string[] {
  const local = localClock(view.zone);
  const entries = [...runs.map((run) => runEntry(run, runs, local)), ...gapEntries(runs, view, local)];
  entries.sort((one, other) => one.atMs - other.atMs);
  const widths = [0, 1, 2].map((cell) =>
    Math.max(...entries.map(({ cells }) => textWidth(cells[cell] ?? ''))),
  );
  const left = widths.reduce((sum, width) => sum + width + 2, 2);
  const words = Math.max(leastWords, view.columns - left);
  const [, ...lines] = table(
    ['', '', '', ''],
    entries.map(({ cells: [time, room, schedule, what] }) => [
      `  ${time}`,
      room,
      schedule,
      cutToWidth(what, words),
    ]),
    paint,
  );
  return entries.flatMap(({ atMs, notes, isGap }, place) => {
    const day = local.day(atMs);
    const before = entries[place - 1];
    const isNewDay = before === undefined || local.day(before.atMs) !== day;
    const line = lines[place] ?? '';
    return [
      ...(isNewDay && before ? [''] : []),
      ...(isNewDay ? [heading(atMs, local, paint)] : []),
      isGap ? paint('dim', line) : line,
      ...notes.map((note) => ' '.repeat(left) + paint('yellow', note)),
    ];
  });
}

function heading(atMs: number, local: LocalClock, paint: Paint): string {
  const change = local.change(local.day(atMs));
  const note = change && `the clock goes from ${change[0]} to ${change[1]}`;
  return [paint('bold', local.date(atMs)), ...(note ? [paint('yellow', note)] : [])].join('  ');
}

function runEntry(run: ComingRun, runs: readonly ComingRun[], local: LocalClock): Entry {
  const { atMs, endsAtMs, room, schedule, words } = run;
  const cells = [
    period(atMs, endsAtMs, local),
    printable(room),
    printable(schedule),
    printable(words),
  ] as const;
  const notes = runs.flatMap((other) => overlapNote(run, other, local));
  return { atMs, cells, notes, isGap: false };
}

/** Says of the lower one of two when the other one is seen in its place. */
function overlapNote(run: ComingRun, other: ComingRun, local: LocalClock): string[] {
  if (other === run || other.room !== run.room || byPrecedence(other, run) > 0) return [];
  const fromMs = Math.max(run.atMs, other.atMs);
  const toMs = Math.min(endOf(run), endOf(other));
  if (fromMs > toMs || (fromMs === toMs && run.atMs !== other.atMs)) return [];
  const isAll = fromMs === run.atMs && toMs === endOf(run);
  const when = isAll ? 'all the time' : period(fromMs, toMs, local);
  return [`${printable(other.schedule)} is above it: ${when}`];
}

/** What has no end of its own is over when nobody knows: it stands in nobody's way. */
function endOf({ atMs, endsAtMs }: ComingRun): number {
  return endsAtMs ?? atMs;
}

function gapEntries(runs: readonly ComingRun[], { gapsWithin }: CalendarView, local: LocalClock): Entry[] {
  if (gapsWithin === null) return [];
  const { fromMs, toMs } = gapsWithin;
  return [...Map.groupBy(runs, ({ room }) => room)].flatMap(([room, there]) => {
    const gaps: Entry[] = [];
    const gap = (atMs: number, endsAtMs: number) => {
      if (endsAtMs <= atMs) return;
      const cells = [period(atMs, endsAtMs, local), printable(room), '', 'nothing is scheduled'] as const;
      gaps.push({ atMs, cells, notes: [], isGap: true });
    };
    let coveredMs = fromMs;
    const inOrder = there.toSorted((one, other) => one.atMs - other.atMs);
    for (const [place, { atMs, endsAtMs }] of inOrder.entries()) {
      gap(coveredMs, Math.min(atMs, toMs));
      // What has no end of its own may last until the next one.
      coveredMs = Math.max(coveredMs, endsAtMs ?? inOrder[place + 1]?.atMs ?? toMs);
    }
    gap(coveredMs, toMs);
    return gaps;
  });
}

/** `09:00–10:00`; `23:00–01:00 +1` where it ends on the next day; `09:00–` where nobody knows when. */
function period(atMs: number, endsAtMs: number | null, local: LocalClock): string {
  if (endsAtMs === null) return `${local.time(atMs)}–`;
  const days = local.day(endsAtMs) - local.day(atMs);
  return `${local.time(atMs)}–${local.time(endsAtMs)}${days === 0 ? '' : ` +${days}`}`;
}
