import { InvalidArgumentError } from 'commander';
import { control } from '../program/control.ts';
import type { RoomOption, Verb } from '../program/verb.ts';

/** `mirolive volume 80` */
export const add = (program: Verb) =>
  program
    .verb('volume', 'Set the loudness; 100 is as it comes.', ['mirolive volume 80 --room lobby'])
    .argument('<percent>', 'from 0 to 200', readPercent)
    .inRoom()
    .does((context, percent: number, options: RoomOption) =>
      control(context, options, { type: 'volume', percent }),
    );

function readPercent(text: string): number {
  if (!/^\d{1,3}%?$/.test(text) || Number.parseInt(text, 10) > 200)
    throw new InvalidArgumentError('Expected a whole number from 0 to 200.');
  return Number.parseInt(text, 10);
}
