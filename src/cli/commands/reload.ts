import type { ChangedKey } from '../../contract/reloaded.ts';
import { connect } from '../program/context.ts';
import type { Verb } from '../program/verb.ts';
import type { Paint } from '../words/format.ts';
import { changedLines } from '../words/setting-table.ts';

/** `mirolive reload` */
export const add = (program: Verb) =>
  program
    .verb(
      'reload',
      'Read the configuration again, as at SIGHUP. No viewer notices it; a file that is wrong changes nothing.',
      ['mirolive reload', 'mirolive reload --json | jq \'.[] | select(.holds == "restart")\''],
    )
    .does(async (context) => {
      const found = await (await connect(context)).call('reload', {});
      context.output.show(found, () => changeLines(found, context.output.paint));
    });

function changeLines(found: readonly ChangedKey[], paint: Paint): string[] {
  if (found.length === 0) return ['Nothing has changed: what stands in the configuration holds already.'];
  const restart = found.some(({ holds }) => holds === 'restart');
  return [
    ...changedLines(found, paint),
    ...(restart ? ['', 'Who would notice a restart: mirolive upgrade-check'] : []),
  ];
}
