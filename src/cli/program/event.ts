import { resolve } from 'node:path';
import { MiroliveError } from '../../contract/errors.ts';
import type { ApplyPlan } from '../../contract/event/change.ts';
import type { LoadedEvent } from '../../files/load-event.ts';
import type { Client } from '../client.ts';
import { missingOfEvent } from '../sources/missing-of-event.ts';
import { type Context, connect } from './context.ts';

/** An event file, and what applying it would do now. */
export interface PlannedEvent {
  readonly client: Client;
  readonly declared: LoadedEvent['declared'];
  readonly plan: ApplyPlan;
}

/** What comes on standard input; names in it are those of the current folder. @throws MiroliveError USAGE where that is a terminal */
function piped({ stdin }: Context): AsyncIterable<unknown> {
  const input = stdin();
  if (input.isTTY !== true) return input;
  throw new MiroliveError('USAGE', 'expected an event file on standard input, got a terminal', {
    hint: 'For example: mirolive export | mirolive diff -f -',
  });
}

/** @param file `-`: what comes on standard input @throws MiroliveError INVALID_EVENT, with file, line and column of what cannot be */
export async function planEvent(context: Context, file: string, prune: boolean): Promise<PlannedEvent> {
  const { loadEvent } = await import('../../files/load-event.ts');
  const { daypartProblems } = await import('../../contract/daypart-problems.ts');
  const { daypartsSection } = await import('../../contract/dayparts.ts');
  const input = file === '-' ? piped(context) : undefined;
  const event = await loadEvent(resolve(context.environment.cwd, file), input);
  for (const words of event.warnings) context.output.warn(words);
  const { declared } = event;
  for (const missing of await missingOfEvent(declared)) context.output.warn(missing);
  for (const [room, { dayparts }] of Object.entries(declared.rooms ?? {}))
    for (const problem of daypartProblems(daypartsSection.safeParse(dayparts ?? {}).data?.parts ?? []))
      context.output.warn(`room ${room}: dayparts: ${problem}`);
  const client = await connect(context);
  const plan = await client.call('planApply', { declared, prune });
  if (plan.problems.length === 0) return { client, declared, plan };
  const lines = plan.problems.map(
    ({ path, message }) => `${event.place(path)}: ${path.join('.')}: ${message}`,
  );
  throw new MiroliveError('INVALID_EVENT', lines.join('\n'), { details: { file } });
}
