import { Argument } from 'commander';
import { type Shell, scripts } from '../completion/scripts.ts';
import type { Verb } from '../program/verb.ts';

/** `mirolive completion SHELL` */
export const add = (program: Verb) =>
  program
    .verb('completion', 'Print a script that completes commands, options, rooms and ids on Tab.', [
      'source <(mirolive completion bash)',
      'mirolive completion zsh > ~/.zfunc/_mirolive',
      'mirolive completion fish > ~/.config/fish/completions/mirolive.fish',
    ])
    .addArgument(new Argument('<shell>', 'which shell').choices(['bash', 'zsh', 'fish']))
    .does(async ({ output }, shell: Shell) => {
      output.show({ shell, script: scripts[shell] }, () => [scripts[shell].trimEnd()]);
    });
