import { asMiroliveError, exitStatusOf } from '../../contract/errors.ts';
import type { Context } from '../program/context.ts';
import { planEvent } from '../program/event.ts';
import type { Verb } from '../program/verb.ts';
import { planLines } from '../words/apply-lines.ts';

/** As diff(1) ends where there is trouble: 1 says that there are differences. */
const trouble = 2;

/** `mirolive diff -f FILE` */
export const add = (program: Verb) =>
  program
    .verb(
      'diff',
      'Say what applying an event file would change, field by field; change nothing. Exit 0 if nothing, 1 if something, more if that could not be found out.',
      [
        'mirolive diff -f webinar.yaml',
        'mirolive diff -f webinar.yaml --prune',
        "mirolive export | sed 's/hall/gym/' | mirolive diff -f -",
        "mirolive diff -f webinar.yaml --json | jq '.changes[] | select(.offAir)'",
      ],
    )
    .requiredOption('-f, --file <file>', 'event file; -: from standard input')
    .streams('file')
    .option('--prune', 'also what would be removed with it')
    .does(diff);

async function diff(
  context: Context,
  { file, prune = false }: { readonly file: string; readonly prune?: boolean },
): Promise<number> {
  const { output } = context;
  try {
    const { plan } = await planEvent(context, file, prune);
    output.show(plan, () => planLines(plan, file, output.paint));
    return plan.changes.length > 0 ? 1 : 0;
  } catch (thrown) {
    const error = asMiroliveError(thrown);
    if (exitStatusOf(error.code) !== 1) throw error;
    output.error(error);
    return trouble;
  }
}
