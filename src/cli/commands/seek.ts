import type { Control } from '../../contract/control.ts';
import { MiroliveError } from '../../contract/errors.ts';
import { parseMediaTime } from '../../contract/media-time.ts';
import { control } from '../program/control.ts';
import type { RoomOption, Verb } from '../program/verb.ts';

/** `mirolive seek 12:30`, `mirolive seek -30s` */
export const add = (program: Verb) =>
  program
    .verb('seek', 'Go to another place of what is on air.', [
      'mirolive seek 12:30 --room lobby',
      'mirolive seek +30s --room lobby',
      'mirolive seek -30s --room lobby',
    ])
    // A step back looks like an option.
    .allowUnknownOption()
    .argument('<time>', '12:30, 1:02:03 or 90s from the beginning; +30s or -30s from here')
    .inRoom()
    .does((context, place: string, options: RoomOption) => control(context, options, readSeek(place)));

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
