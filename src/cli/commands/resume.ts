import { controlVerb } from '../program/control.ts';

/** `mirolive resume` */
export const add = controlVerb('resume', 'Go on after a pause.', { type: 'resume' });
