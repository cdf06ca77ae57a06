import { addControl } from '../program/control.ts';
import type { Verb } from '../program/verb.ts';

/** `mirolive pause` */
export function add(program: Verb): void {
  addControl(program, 'pause', 'Hold the picture.', { type: 'pause' });
}
