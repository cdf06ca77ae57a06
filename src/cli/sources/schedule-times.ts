import { MiroliveError } from '../../contract/errors.ts';
import { cronProblem } from '../../contract/schedule/cron.ts';
import { instantOf, isZone, parseLocal } from '../../contract/schedule/zone-times.ts';
import type { NewScheduleSpec } from '../../contract/schedule.ts';

/** Options that say when something is to happen. */
export interface TimeFlags {
  readonly at?: string;
  readonly cron?: string;
  /** In ms. */
  readonly every?: number;
  readonly zone?: string;
  /** In ms. */
  readonly for?: number;
  readonly until?: string;
}

/**
 * When something is to happen, and until when. @param own the time zone of this machine
 *
 * @throws MiroliveError USAGE
 */
export function scheduleTimes(
  flags: TimeFlags,
  own: string,
  nowMs: number,
): Pick<NewScheduleSpec, 'when' | 'end'> {
  const { for: forMs, until } = flags;
  if (forMs !== undefined && until !== undefined) throw usage('expected --for or --until, got both');
  const end = forMs === undefined ? (until === undefined ? null : { until: timeOfDay(until) }) : { forMs };
  return { when: whenOf(flags, own, nowMs), end };
}

function whenOf(
  { at, cron: repeated, every, zone: given }: TimeFlags,
  own: string,
  nowMs: number,
): NewScheduleSpec['when'] {
  const { cron, named: within } = cronAndZone(repeated);
  const [, day, named] = /^([\d-]+[ T]+[\d:]+)(?: +(\S+))?$/.exec(at?.trim() ?? '') ?? [];
  const [flag, written] = cron === undefined ? ['--at', named] : ['--cron', within];
  if (written !== undefined && given !== undefined)
    throw usage(`expected the time zone once, got it in ${flag} and in --zone`);
  const zone = given ?? written ?? own;
  if (!isZone(zone)) throw usage(`expected a time zone such as Europe/Berlin, got ${zone}`);
  if (cron !== undefined && (at !== undefined || every !== undefined))
    throw usage('expected one of --at, --cron and --every');
  if (cron !== undefined) {
    const problem = cronProblem(cron, zone);
    if (problem !== null) throw usage(`expected a pattern such as '0 9 * * 1-5' behind --cron: ${problem}`);
    return { cron, zone };
  }
  const local = at === undefined ? null : parseLocal(day ?? '');
  if (at !== undefined && (local === null || day === undefined))
    throw usage(`expected a day and a time such as '2026-12-01 09:00' behind --at, got '${at}'`);
  if (every !== undefined) {
    const fromMs = local === null ? nowMs : instantOf(zone, local);
    return { everyMs: every, fromAt: new Date(fromMs).toISOString() };
  }
  if (day === undefined) throw usage('expected when: --at, --cron or --every');
  return { at: day.replace('T', ' '), zone };
}

/** As behind --at, a zone may stand behind the five fields. */
function cronAndZone(text: string | undefined): { readonly cron?: string; readonly named?: string } {
  const [, fields, zone] = /^\s*((?:\S+\s+){4}\S+)\s+(\S+)\s*$/.exec(text ?? '') ?? [];
  if (fields !== undefined && zone !== undefined && isZone(zone)) return { cron: fields, named: zone };
  return text === undefined ? {} : { cron: text };
}

function timeOfDay(text: string): string {
  if (/^([01]\d|2[0-3]):[0-5]\d$/.test(text)) return text;
  throw usage(`expected a time of the day such as 17:30 behind --until, got '${text}'`);
}

function usage(message: string): MiroliveError {
  return new MiroliveError('USAGE', message, { hint: 'See how it is used: mirolive schedule add --help' });
}
