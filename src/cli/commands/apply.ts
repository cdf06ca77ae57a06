import type { Applied } from '../../contract/event/change.ts';
import { refuseApply } from '../../contract/event/refuse-apply.ts';
import type { Context } from '../program/context.ts';
import { planEvent } from '../program/event.ts';
import type { Verb } from '../program/verb.ts';
import { broadcastLines, planLines } from '../words/apply-lines.ts';

interface ApplyFlags {
  readonly file: string;
  readonly prune?: boolean;
  readonly dryRun?: boolean;
  readonly wait?: boolean;
  readonly yes?: boolean;
}

/** `mirolive apply -f FILE` */
export const add = (program: Verb) =>
  program
    .verb(
      'apply',
      'Bring rooms, stream keys, playlists, what is on air and schedules to what an event file declares. It says what it changes, and changes only that; applied again, nothing.',
      [
        'mirolive apply -f webinar.yaml --dry-run',
        'mirolive apply -f webinar.yaml --wait',
        'mirolive apply -f webinar.yaml --prune --yes',
      ],
    )
    .requiredOption('-f, --file <file>', 'event file; -: from standard input')
    .streams('file')
    .option('--prune', 'remove what this file, by its name, applied before and does not have any more')
    .option('--dry-run', 'only say what would be changed')
    .option('--wait', 'until each broadcast that is begun has been seen; exit 1 if one could not be')
    .option('--yes', 'though somebody is taken off air, or something that another file applied is taken over')
    .does(apply);

async function apply(context: Context, flags: ApplyFlags): Promise<number> {
  const { file, prune = false, dryRun = false, wait = false, yes = false } = flags;
  const { output } = context;
  const { client, declared, plan } = await planEvent(context, file, prune);
  if (dryRun) {
    output.show(plan, () => [
      ...planLines(plan, file, output.paint),
      ...(plan.changes.length === 0 ? [] : ['Nothing was changed: --dry-run only says what would be.']),
    ]);
    return 0;
  }
  refuseApply(plan, yes, file);
  if (!output.json) for (const line of planLines(plan, file, output.paint)) output.line(line);
  using _said = output.waiting('what is put on air');
  const done: Applied = await client.call('apply', { declared, prune, yes, wait });
  output.show(done, () => broadcastLines(done, output.paint));
  const isWrong = done.broadcasts.some(({ state, reason }) => state === 'failed' || reason !== null);
  return isWrong ? 1 : 0;
}
