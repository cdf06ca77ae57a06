import type { Control } from '../contract/control.ts';
import { MiroliveError } from '../contract/errors.ts';
import { parseMediaTime } from '../contract/media-time.ts';

/** `12:30`, `90s`: a place; `+30s`, `-1:00`: so far from here. */
export function readSeek(text: string): Extract<Control, { type: 'seek' | 'seekBy' }> {
  const [, sign = '', time = ''] = /^([+-]?)(.*)$/s.exec(text) ?? [];
  const ms = parseMediaTime(time);
  if (ms === null) {
    throw new MiroliveError(
      'USAGE',
      `expected a place such as 12:30 or 90s, or a step such as +30s or -30s, got '${text}'`,
      {
        hint: 'See how it is used: mirolive seek --help',
      },
    );
  }
  if (sign === '') return { type: 'seek', positionMs: ms };
  return { type: 'seekBy', offsetMs: sign === '-' ? -ms : ms };
}
