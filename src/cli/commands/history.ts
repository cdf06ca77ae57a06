import { MiroliveError } from '../../contract/errors.ts';
import { type Context, connect } from '../program/context.ts';
import { since } from '../program/options.ts';
import type { Verb } from '../program/verb.ts';
import { count } from '../words/format.ts';

interface DeleteOptions {
  readonly room: string;
  /** In ms before now. */
  readonly before?: number;
  readonly yes?: boolean;
}

/** `mirolive history delete --room R [--before 7d] --yes` */
export function add(program: Verb): void {
  const history = program.verb('history', 'Look after what is kept of the past.', [
    'mirolive history delete --room lobby --before 7d --yes',
  ]);
  history
    .verb('delete', 'Remove what has happened in a room, and how it was watched. It does not come back.', [
      'mirolive history delete --room lobby --before 7d --yes',
      'mirolive history delete --room lobby --yes',
    ])
    .requiredOption('--room <room>', 'of this room')
    .option('--before <time>', 'what is older: 7d, 20:00, 2026-01-31; all by default', (text) =>
      since(text, Date.now()),
    )
    .option('--yes', 'do it')
    .does(remove);
}

async function remove(context: Context, { room, before, yes = false }: DeleteOptions): Promise<undefined> {
  if (!yes)
    throw new MiroliveError('USAGE', `expected --yes: what is kept of room ${room} would be gone for good`, {
      hint: `See it first: mirolive report --room ${room} --since 30d`,
    });
  const done = await (await connect(context)).call('deleteHistory', { room, beforeMs: before });
  const what = `${count(done.events, 'event')}, and figures of ${count(done.minutes, 'minute')}`;
  context.output.show(done, () => [`Removed of room ${room}: ${what}`]);
}
