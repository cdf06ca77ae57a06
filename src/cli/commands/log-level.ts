import { Argument } from 'commander';
import { MiroliveError } from '../../contract/errors.ts';
import { type LogLevelName, logLevels } from '../../contract/log-levels.ts';
import { type Context, connect } from '../program/context.ts';
import { duration } from '../program/options.ts';
import type { Verb } from '../program/verb.ts';
import { logLevelWords } from '../words/log-words.ts';

/** What brings back what the configuration says. */
const configured = 'configured';

/** `mirolive log-level [debug] [--for 10m]` */
export const add = (program: Verb) =>
  program
    .verb(
      'log-level',
      'How much the log of the daemon says; with a level it says more, or less, while it runs.',
      ['mirolive log-level', 'mirolive log-level debug --for 10m', 'mirolive log-level configured'],
    )
    .addArgument(
      new Argument('[level]', `one of these, or ${configured}: what the configuration says`).choices([
        ...logLevels,
        configured,
      ]),
    )
    .option('--for <time>', 'back by itself after so long, such as 10m', duration)
    .does(logLevel);

async function logLevel(
  context: Context,
  level: LogLevelName | typeof configured | undefined,
  { for: forMs = null }: { readonly for?: number | null },
): Promise<undefined> {
  if (forMs !== null && (level === undefined || level === configured))
    throw new MiroliveError('USAGE', 'expected a level with --for, such as debug');
  const client = await connect(context);
  const state =
    level === undefined
      ? await client.call('getLogLevel', {})
      : await client.call('setLogLevel', { level: level === configured ? null : level, forMs });
  context.output.show(state, () => [logLevelWords(state, Date.now())]);
}
