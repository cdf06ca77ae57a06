import type { Command } from 'commander';
import { nearest } from '../../contract/nearest.ts';
import type { Verb } from '../program/verb.ts';

/** `mirolive help [COMMAND…]`; commander's own prints the help of all where there is no such command. */
export const add = (program: Verb) =>
  program
    .verb('help', 'Print the help of a command.', ['mirolive help stream', 'mirolive help playlist add'])
    .argument('[command...]', 'its words, such as: playlist add')
    .action((words: readonly string[]) => {
      let command: Command = program;
      for (const word of words) {
        const names = command.commands.map((candidate) => candidate.name());
        const next = command.commands[names.indexOf(word)];
        if (next === undefined) {
          const meant = nearest(word, names);
          program.error(`unknown command '${word}'${meant === undefined ? '' : `; did you mean ${meant}?`}`);
        }
        command = next;
      }
      command.outputHelp();
    });
