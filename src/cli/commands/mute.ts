import { addControl } from '../program/control.ts';
import type { Verb } from '../program/verb.ts';

/** `mirolive mute` */
export function add(program: Verb): void {
  addControl(program, 'mute', 'Make it silent.', { type: 'mute', on: true });
}
