/** A moment as the clocks of a place show it, in ms as if that were UTC. */
type LocalMs = number;

const hourMs = 3_600_000;
const dayMs = 24 * hourMs;
const pattern = /^(\d{4})-(\d\d)-(\d\d)[ T](\d\d):(\d\d)(?::(\d\d))?$/;

const formats = new Map<string, Intl.DateTimeFormat>();

/** Whether a time zone of this name is known, such as Europe/Berlin. */
export function isZone(zone: string): boolean {
  try {
    formatOf(zone);
    return true;
  } catch {
    return false;
  }
}

/** `2026-12-01 09:00` as a moment without a zone; null: there is no such day or time. */
export function parseLocal(text: string): LocalMs | null {
  const [, year, month, day, hour, minute, second = '00'] = pattern.exec(text) ?? [];
  if (year === undefined) return null;
  const iso = `${year}-${month}-${day}T${hour}:${minute}:${second}.000Z`;
  const ms = Date.parse(iso);
  return !Number.isNaN(ms) && new Date(ms).toISOString() === iso ? ms : null;
}

/** What the clocks of a zone show at a moment. */
export function localOf(zone: string, ms: number): LocalMs {
  const parts = formatOf(zone).formatToParts(ms);
  const part = (type: string) => Number(parts.find((one) => one.type === type)?.value);
  const seconds = Date.UTC(
    ...([part('year'), part('month') - 1, part('day')] as const),
    ...([part('hour'), part('minute'), part('second')] as const),
  );
  return seconds + (((ms % 1000) + 1000) % 1000);
}

/** When the clocks of a zone show this. Of an hour that comes twice the first; what a jump skips is the first moment behind it. */
export function instantOf(zone: string, local: LocalMs): number {
  const offsetAt = (ms: number) => localOf(zone, ms) - ms;
  const offsets = [offsetAt(local - dayMs), offsetAt(local + dayMs)];
  const found = offsets.map((offset) => local - offset).filter((ms) => localOf(zone, ms) === local);
  if (found.length > 0) return Math.min(...found);
  // The jump is between these two; clocks jump at full seconds.
  let [before, behind] = [local - Math.max(...offsets), local - Math.min(...offsets)];
  while (behind - before > 1000) {
    const middle = Math.floor((before + behind) / 2000) * 1000;
    if (localOf(zone, middle) < local) before = middle;
    else behind = middle;
  }
  return behind;
}

/** The next moment at which the clocks of a zone show this time of the day, in ms since midnight. */
export function nextTimeOfDay(zone: string, fromMs: number, timeOfDayMs: number): number {
  const local = localOf(zone, fromMs);
  const midnight = Math.floor(local / dayMs) * dayMs;
  const days = [0, 1, 2].map((day) => instantOf(zone, midnight + day * dayMs + timeOfDayMs));
  // Days without such a time have the moment behind their jump.
  return days.find((ms) => ms > fromMs) ?? fromMs + dayMs;
}

function formatOf(zone: string): Intl.DateTimeFormat {
  const known = formats.get(zone);
  if (known) return known;
  const format = new Intl.DateTimeFormat('en-US', {
    ...{ timeZone: zone, calendar: 'iso8601', numberingSystem: 'latn', hourCycle: 'h23' },
    ...{ year: 'numeric', month: 'numeric', day: 'numeric' },
    ...{ hour: 'numeric', minute: 'numeric', second: 'numeric' },
  });
  formats.set(zone, format);
  return format;
}
