import { controlVerb } from '../program/control.ts';

/** `mirolive mute` */
export const add = controlVerb('mute', 'Make it silent.', { type: 'mute', on: true });
