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

/** Files that the configuration names are looked at beside what was asked. */
const others = 'Certificates are read again too: what is wrong with one stands in mirolive status.';

function changeLines(found: readonly ChangedKey[], paint: Paint): string[] {
  if (found.length === 0)
    return ['Nothing has changed in the configuration: what stands there holds already.', others];
  const restart = found.some(({ holds }) => holds === 'restart');
  return [
    ...changedLines(found, paint),
    others,
    ...(restart ? ['', 'Who would notice a restart: mirolive upgrade-check'] : []),
  ];
}
