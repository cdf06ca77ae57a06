import { controlVerb } from '../program/control.ts';

/** `mirolive unmute` */
export const add = controlVerb('unmute', 'Let it be heard again.', { type: 'mute', on: false });
