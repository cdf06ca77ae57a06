import type { Command } from 'commander';
import { MiroliveError } from '../../contract/errors.ts';
import { nearest } from '../../contract/nearest.ts';
import { meantCommand } from '../program/meant-words.ts';
import type { Verb } from '../program/verb.ts';

/** `mirolive help [COMMAND…]`; commander's own prints the help of all where there is no such command. */
export const add = (program: Verb) =>
  program
    .verb('help', 'Print the help of a command.', [
      'mirolive help stream',
      'mirolive help playlist add',
      'mirolive help --man | man -l -',
    ])
    .argument('[command...]', 'its words, such as: playlist add')
    .option('--man', 'the manual page of all commands, as man reads it')
    .action(async (words: readonly string[], { man }: { man?: true }) => {
      if (man) {
        const { manPage } = await import('../words/man-page.ts');
        program.configureOutput().writeOut?.(manPage(program, program.version() ?? ''));
        return;
      }
      let command: Command = program;
      for (const word of words) {
        const names = command.commands.map((candidate) => candidate.name());
        const next = command.commands[names.indexOf(word)];
        if (next === undefined) {
          const called = meantCommand(word, command);
          if (called)
            throw new MiroliveError('USAGE', `unknown command '${word}'; ${called.words}`, {
              hint: called.next,
            });
          const meant = nearest(word, names);
          program.error(`unknown command '${word}'${meant === undefined ? '' : `; did you mean ${meant}?`}`);
        }
        command = next;
      }
      command.outputHelp();
    });
