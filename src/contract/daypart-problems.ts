import type { Daypart } from './dayparts.ts';
import { type Weekday, weekdays } from './weekdays.ts';

type Times = Pick<Daypart, 'from' | 'to' | 'days'>;

/** In minutes of a week, which is followed by the same one. */
interface Span {
  readonly from: number;
  readonly minutes: number;
}

const dayMinutes = 1440;
const weekMinutes = 7 * dayMinutes;

/** When nothing of a room's programme plays, and when two parts of it would, by the clock on the wall; each in a sentence. */
export function daypartProblems(parts: readonly Times[]): string[] {
  if (parts.length === 0) return [];
  const gaps = gapsBetween(parts.flatMap(spans));
  const overlaps = parts.flatMap((one, place) =>
    parts.slice(place + 1).flatMap((other) => {
      const found = spans(one).flatMap((span) => spans(other).flatMap((with_) => common(span, with_)));
      const words =
        one.from === other.from ? 'only one of them is on air' : 'the one that begins later is on air';
      return sentences(found, (when) => `${period(one)} and ${period(other)} overlap ${when}: ${words}`);
    }),
  );
  return [...sentences(gaps, (when) => `nothing plays ${when}`), ...overlaps];
}

function period({ from, to }: Times): string {
  return `${from}–${to}`;
}

/** The part on each of its days. */
function spans({ from, to, days }: Times): Span[] {
  const minutes = mod(minutesOf(to) - minutesOf(from), dayMinutes) || dayMinutes;
  return days.map((day) => ({ from: weekdays.indexOf(day) * dayMinutes + minutesOf(from), minutes }));
}

function minutesOf(time: string): number {
  const [hours = 0, minutes = 0] = time.split(':').map(Number);
  return hours * 60 + minutes;
}

function gapsBetween(all: readonly Span[]): Span[] {
  const inOrder = all.toSorted((one, other) => one.from - other.from);
  return inOrder.flatMap(({ from, minutes }, place) => {
    // Everything that goes on then was looked at with what began before; a week later comes the first again.
    const next = (inOrder[place + 1]?.from ?? (inOrder[0]?.from ?? 0) + weekMinutes) - from;
    const left = Math.max(
      ...all.map((other) => other.minutes - mod(from - other.from, weekMinutes)),
      minutes,
    );
    return left < next ? [{ from: mod(from + left, weekMinutes), minutes: next - left }] : [];
  });
}

/** When both play. */
function common(one: Span, other: Span): Span[] {
  const later = (first: Span, second: Span): Span[] => {
    const after = mod(second.from - first.from, weekMinutes);
    const minutes = Math.min(first.minutes - after, second.minutes);
    return minutes > 0 ? [{ from: second.from, minutes }] : [];
  };
  return one.from === other.from ? later(one, other) : [...later(one, other), ...later(other, one)];
}

/** One for all days on which it is the same. */
function sentences(found: readonly Span[], words: (when: string) => string): string[] {
  const alike = Map.groupBy(found, ({ from, minutes }) => `${from % dayMinutes}+${minutes}`);
  return [...alike.values()].map((same) => {
    const { from, minutes } = same[0]!;
    const [begins, ends] = [timeWords(from), timeWords(from + minutes)];
    if (minutes > dayMinutes)
      return words(
        same
          .map((one) => `from ${dayOf(one.from)} ${begins} to ${dayOf(one.from + minutes)} ${ends}`)
          .join(' and '),
      );
    const days = weekdays.filter((day) => same.some((one) => dayOf(one.from) === day));
    return words(
      `from ${begins} to ${ends}, ${days.length === weekdays.length ? 'every day' : days.join(', ')}`,
    );
  });
}

function dayOf(minutes: number): Weekday {
  return weekdays[mod(Math.floor(minutes / dayMinutes), 7)]!;
}

function timeWords(minutes: number): string {
  const two = (number: number) => String(number).padStart(2, '0');
  return `${two(Math.floor(minutes / 60) % 24)}:${two(minutes % 60)}`;
}

function mod(value: number, by: number): number {
  return ((value % by) + by) % by;
}
