import type { ComingRun } from './schedule-calendar.ts';

export interface ICalendarOptions {
  /** Tells the runs of this machine from those of another one that has a schedule of the same name. */
  readonly host: string;
  readonly nowMs: number;
}

/** A line is no longer, in octets, without its end (RFC 5545, 3.1). */
const longestLine = 75;

/**
 * Runs as calendar programs read them (RFC 5545), all times in UTC. A run keeps its UID as long as its schedule has its name and it its
 * start, so that whoever reads the calendar again has it once.
 */
export function iCalendar(runs: readonly ComingRun[], { host, nowMs }: ICalendarOptions): string {
  const events = runs.flatMap(({ schedule, room, atMs, endsAtMs, words }) => [
    'BEGIN:VEVENT',
    `UID:${escaped(`${schedule}-${utc(atMs)}@${host}`)}`,
    `DTSTAMP:${utc(nowMs)}`,
    `DTSTART:${utc(atMs)}`,
    ...(endsAtMs === null ? [] : [`DTEND:${utc(endsAtMs)}`]),
    `SUMMARY:${escaped(schedule)}`,
    `DESCRIPTION:${escaped(words)}`,
    `LOCATION:${escaped(room)}`,
    'END:VEVENT',
  ]);
  const lines = [
    ...['BEGIN:VCALENDAR', 'VERSION:2.0', 'PRODID:-//mirolive//schedule//EN', 'CALSCALE:GREGORIAN'],
    ...events,
    'END:VCALENDAR',
  ];
  return lines.map((line) => `${folded(line)}\r\n`).join('');
}

/** `20261201T080000Z` */
function utc(atMs: number): string {
  return `${new Date(atMs).toISOString().slice(0, 19).replace(/[-:]/g, '')}Z`;
}

/** A TEXT (3.3.11), which holds no control characters but line ends. */
function escaped(text: string): string {
  return text
    .replace(/[\\;,]/g, '\\$&')
    .replace(/\r\n|\r|\n/g, '\\n')
    .replace(/\p{Cc}/gu, '');
}

/** Broken between characters, though they may be of several octets; each further line begins with a space. */
function folded(line: string): string {
  let broken = '';
  let octets = 0;
  for (const character of line) {
    const more = Buffer.byteLength(character);
    if (octets + more > longestLine) {
      broken += '\r\n ';
      octets = 1;
    }
    broken += character;
    octets += more;
  }
  return broken;
}
