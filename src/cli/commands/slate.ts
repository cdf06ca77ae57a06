import { Argument } from 'commander';
import { control } from '../program/control.ts';
import type { RoomOption, Verb } from '../program/verb.ts';

/** `mirolive slate on` and `mirolive slate off` */
export const add = (program: Verb) =>
  program
    .verb('slate', 'Put the slate over everything, or take it away; a later take ends it too.', [
      'mirolive slate on --room lobby',
      'mirolive slate off --room lobby',
    ])
    .addArgument(new Argument('<state>', 'on or off').choices(['on', 'off']))
    .inRoom()
    .does(
      (context, state: 'on' | 'off', options: RoomOption) => control(context, options, commandOf(state)),
      async (_, state: 'on' | 'off', { room }: RoomOption) => ({
        room,
        what: { call: 'control', params: { command: commandOf(state) } },
      }),
    );

function commandOf(state: 'on' | 'off') {
  return { type: 'slate', on: state === 'on' } as const;
}
