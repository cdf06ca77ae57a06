import { CommanderError } from 'commander';
import { MiroliveError } from '../../contract/errors.ts';
import type { NewScheduleSpec } from '../../contract/schedule.ts';
import type { Context } from '../program/context.ts';
import { usageError } from '../program/usage-error.ts';
import { type Plan, Verb } from '../program/verb.ts';

/** The commands that can be scheduled, each with its file. */
const verbs = {
  stream: () => import('../commands/stream.ts'),
  take: () => import('../commands/take.ts'),
  playlist: () => import('../commands/playlist.ts'),
  slate: () => import('../commands/slate.ts'),
};

const usual = 'See how it is used: mirolive schedule add --help';
const possible = 'stream, take, playlist next, playlist previous, playlist add, slate on or slate off';

/**
 * What a command line would have a schedule do: read by the same definitions as when it is typed.
 *
 * @throws MiroliveError USAGE
 */
export async function scheduledCommand(
  context: Context,
  line: readonly string[],
): Promise<Pick<NewScheduleSpec, 'room' | 'what'>> {
  const words = line[0] === 'mirolive' ? line.slice(1) : [...line];
  const [first = ''] = words;
  if (!isScheduled(first)) throw refused(`got ${first === '' ? 'nothing' : first}`);
  const planned: (Plan | null)[] = [];
  const program = quiet(new Verb('mirolive', async (_, __, plan) => void planned.push(plan)));
  const { add } = await verbs[first]();
  add(program);
  try {
    await program.parseAsync(words, { from: 'user' });
  } catch (thrown) {
    if (!(thrown instanceof CommanderError)) throw thrown;
    if (thrown.exitCode === 0 || thrown.code === 'commander.help') throw refused(`got ${words.join(' ')}`);
    throw usageError(thrown, program, `mirolive ${first}`);
  }
  const [plan] = planned;
  if (!plan) throw refused(`got ${words.slice(0, 2).join(' ')}`);
  const { room, what } = await plan(context);
  if (room === undefined)
    throw new MiroliveError('USAGE', 'expected --room behind the command: nobody is there to be asked', {
      hint: usual,
    });
  return { room, what };
}

function isScheduled(word: string): word is keyof typeof verbs {
  return Object.hasOwn(verbs, word);
}

/** It prints nothing, and ends nothing: what is wrong with it is thrown. */
function quiet(program: Verb): Verb {
  return program
    .exitOverride()
    .configureOutput({ writeOut: () => {}, writeErr: () => {}, outputError: () => {} });
}

function refused(got: string): MiroliveError {
  return new MiroliveError('USAGE', `expected a command that can be scheduled: ${possible}; ${got}`, {
    hint: usual,
  });
}
