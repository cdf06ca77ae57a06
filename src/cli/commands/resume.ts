import { addControl } from '../program/control.ts';
import type { Verb } from '../program/verb.ts';

/** `mirolive resume` */
export function add(program: Verb): void {
  addControl(program, 'resume', 'Go on after a pause.', { type: 'resume' });
}
