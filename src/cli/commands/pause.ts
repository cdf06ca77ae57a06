import { controlVerb } from '../program/control.ts';

/** `mirolive pause` */
export const add = controlVerb('pause', 'Hold the picture.', { type: 'pause' });
