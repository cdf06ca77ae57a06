import { expect, test } from 'vitest';
import { iCalendar } from '../../../src/cli/words/icalendar.ts';
import type { ComingRun } from '../../../src/cli/words/schedule-calendar.ts';

const webinar: ComingRun = {
  ...{ schedule: 'webinar', room: 'lobby', words: 'talk.mp4', priority: 50 },
  ...{ atMs: Date.parse('2026-12-01T08:00Z'), endsAtMs: Date.parse('2026-12-01T09:00Z') },
};
const options = { host: 'desk.example', nowMs: Date.parse('2026-11-29T10:00:00.700Z') };

test('A calendar file has an event for each run, in UTC, each line with its end', () => {
  expect(iCalendar([webinar], options)).toBe(
    [
      'BEGIN:VCALENDAR',
      'VERSION:2.0',
      'PRODID:-//mirolive//schedule//EN',
      'CALSCALE:GREGORIAN',
      'BEGIN:VEVENT',
      'UID:webinar-20261201T080000Z@desk.example',
      'DTSTAMP:20261129T100000Z',
      'DTSTART:20261201T080000Z',
      'DTEND:20261201T090000Z',
      'SUMMARY:webinar',
      'DESCRIPTION:talk.mp4',
      'LOCATION:lobby',
      'END:VEVENT',
      'END:VCALENDAR',
      '',
    ].join('\r\n'),
  );
});

test.each<{ name: string; run: Partial<ComingRun>; has: string[]; hasNot?: string[] }>([
  { name: 'has no end where nobody knows it', run: { endsAtMs: null }, has: ['DTSTART:'], hasNot: ['DTEND'] },
  {
    name: 'escapes what has a meaning of its own',
    run: { words: 'a, b; c\\d\ne\u0007\r\nEND:VEVENT' },
    has: ['DESCRIPTION:a\\, b\\; c\\\\d\\ne\\nEND:VEVENT\r\n'],
  },
  {
    name: 'folds a line of more than 75 octets',
    run: { words: 'x'.repeat(150) },
    has: [`\r\nDESCRIPTION:${'x'.repeat(63)}\r\n ${'x'.repeat(74)}\r\n ${'x'.repeat(13)}\r\n`],
  },
  {
    name: 'folds between characters of several octets',
    run: { words: `${'x'.repeat(61)}é舞👩‍🚀` },
    has: [`\r\nDESCRIPTION:${'x'.repeat(61)}é\r\n 舞👩‍🚀\r\n`],
  },
  {
    name: 'leaves a line of 75 octets as it is',
    run: { words: 'x'.repeat(63) },
    has: [`\r\nDESCRIPTION:${'x'.repeat(63)}\r\nLOCATION`],
  },
])('A calendar file $name', ({ run, has, hasNot = [] }) => {
  const file = iCalendar([{ ...webinar, ...run }], options);
  for (const part of has) expect(file).toContain(part);
  for (const part of hasNot) expect(file).not.toContain(part);
  for (const line of file.split('\r\n')) expect(Buffer.byteLength(line)).toBeLessThanOrEqual(75);
});
