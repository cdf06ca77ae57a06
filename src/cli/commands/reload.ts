import type { ChangedKey } from '../../contract/reloaded.ts';
import { connect } from '../program/context.ts';
import type { Verb } from '../program/verb.ts';
import { type Paint, table } from '../words/format.ts';

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

const words: Readonly<Record<ChangedKey['holds'], string>> = {
  now: 'from now on',
  'next broadcast': 'from the next broadcast of a room on',
  restart: 'needs a restart of the daemon',
};

function changeLines(found: readonly ChangedKey[], paint: Paint): string[] {
  if (found.length === 0) return ['Nothing has changed: what stands in the configuration holds already.'];
  const rows = found.map(({ key, holds }) => [
    key,
    holds === 'restart' ? paint('yellow', words[holds]) : words[holds],
  ]);
  const restart = found.some(({ holds }) => holds === 'restart');
  return [
    ...table(['KEY', 'HOLDS'], rows, paint),
    ...(restart ? ['', 'Who would notice a restart: mirolive upgrade-check'] : []),
  ];
}
