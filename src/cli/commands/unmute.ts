import { addControl } from '../program/control.ts';
import type { Verb } from '../program/verb.ts';

/** `mirolive unmute` */
export function add(program: Verb): void {
  addControl(program, 'unmute', 'Let it be heard again.', { type: 'mute', on: false });
}
