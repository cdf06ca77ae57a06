import { MiroliveError } from '../../contract/errors.ts';
import { type Context, connect } from '../program/context.ts';
import { forProduction } from '../program/environment.ts';
import type { Verb } from '../program/verb.ts';

/** `mirolive tui` */
export const add = (program: Verb) =>
  program
    .verb(
      'tui',
      'All rooms, their viewers and the machine on one screen, as they change, with keys for what one does every day. ? shows them.',
      ['mirolive tui', 'mirolive tui --room lobby', 'mirolive tui --read-only'],
    )
    .option('--room <room>', 'begin with this room')
    .option('--read-only', 'keys and commands change nothing')
    .does(tui);

interface TuiOptions {
  readonly room?: string;
  readonly readOnly?: boolean;
}

async function tui(context: Context, { room, readOnly = false }: TuiOptions): Promise<number> {
  const { output, environment } = context;
  const { stdout } = process;
  const isTerminal = output.interactive && stdout.isTTY && context.stdin().isTTY === true;
  if (!isTerminal || environment.variables.TERM === 'dumb') {
    throw new MiroliveError('USAGE', 'expected a terminal to draw on', {
      hint: 'For a script: mirolive status --json; for lines: mirolive events',
    });
  }
  const client = await connect(context);
  // Who is nobody's daemon is told so before the screen is taken.
  const { caller: rights = null } = await client.call('version', {});
  forProduction();
  const { openDashboard } = await import('../tui/dashboard/dashboard.ts');
  return await openDashboard({ context, client, stdout, room: room ?? null, readOnly, rights });
}
