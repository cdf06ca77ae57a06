import { expect, test } from 'vitest';
import { auditTable } from '../../../src/cli/words/audit-table.ts';
import { textWidth } from '../../../src/cli/words/text-width.ts';
import type { AuditEntry } from '../../../src/contract/audit.ts';

const now = Date.parse('2026-03-02T12:00:00Z');
const entry = (more: Partial<AuditEntry>): AuditEntry => ({
  ...{ id: 1, at: '2026-03-02T11:00:00.000Z', who: { kind: 'socket', user: 'anna' }, what: 'control.take' },
  ...{ subject: 'lobby', room: 'lobby', result: 'ok', details: {}, ...more },
});
const plain = { paint: (_style: unknown, text: string) => text };

test.each([
  { name: 'long details', more: { details: { source: `https://example.org/${'x'.repeat(300)}` } } },
  { name: 'wide characters', more: { details: { name: '放送'.repeat(40) } } },
  {
    name: 'all that is long',
    more: {
      ...{
        at: '2026-02-20T11:00:00.000Z',
        what: 'setRoomSettingsOfAll',
        result: 'SOURCE_UNREACHABLE_AT_ALL',
      },
      who: { kind: 'schedule', name: 'm'.repeat(40), maker: { kind: 'daemon' } },
      ...{ room: 'r'.repeat(63), subject: 'b-aaaaaaaaaa', details: { name: 'x'.repeat(80) } },
    },
  },
] as const)('a deed with $name fits 80 columns, and is whole where there is no terminal', ({ more }) => {
  const deeds = [entry({}), entry(more)];
  const lines = auditTable(deeds, now, { ...plain, columns: 80 });
  expect(lines.map(textWidth).filter((width) => width > 80)).toEqual([]);
  expect(lines.at(-1)).toContain('…');
  const whole = auditTable(deeds, now, { ...plain, columns: Number.POSITIVE_INFINITY });
  expect(whole.join('')).not.toContain('…');
});

test('details give way first, then where it was', () => {
  const deed = entry({
    subject: 'b-aaaaaaaaaa',
    room: 'lobby',
    details: { source: 'a talk of an hour.mp4' },
  });
  const at = (columns: number) =>
    auditTable([deed], now, { ...plain, columns })
      .at(-1)
      ?.slice(10);
  expect(at(90)).toBe('anna  control.take  lobby: b-aaaaaaaaaa  ok      source a talk of an hour.mp4');
  expect(at(75)).toBe('anna  control.take  lobby: b-aaaaaaaaaa  ok      source a talk o…');
  expect(at(66)).toBe('anna  control.take  lobby: b-aaaaaa…  ok      source a …');
});
