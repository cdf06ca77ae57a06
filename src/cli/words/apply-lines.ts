import type {
  Applied,
  AppliedBroadcast,
  ApplyPlan,
  Change,
  ChangedField,
} from '../../contract/event/change.ts';
import { quoted } from '../../contract/quoted.ts';
import { count, type Paint, printable } from './format.ts';

const signs: Readonly<
  Record<Change['act'], readonly [sign: string, style: Parameters<Paint>[0], words: string]>
> = {
  create: ['+', 'green', ''],
  change: ['~', 'yellow', ''],
  remove: ['-', 'red', ''],
  start: ['+', 'green', ' begins'],
  restart: ['~', 'yellow', ' begins anew'],
  edit: ['~', 'yellow', ' goes on with another playlist'],
  keep: ['~', 'yellow', ' goes on after a restart'],
  stop: ['-', 'red', ' ends'],
};

/** What applying a file changes. */
export function planLines({ changes, left, paused }: ApplyPlan, file: string, paint: Paint): string[] {
  return [
    ...(changes.length === 0 ? [`Nothing to change: what ${printable(file)} declares is there.`] : []),
    ...changes.flatMap((change) => changeLines(change, paint)),
    ...(left.length === 0
      ? []
      : [
          `Applied before, and not in the file any more: ${printable(left.join(', '))}`,
          `→ To remove it: mirolive apply -f ${quoted(file)} --prune`,
        ]),
    ...(paused.length === 0
      ? []
      : [
          `Paused, of which the file says nothing: ${printable(paused.join(', '))}`,
          `→ To have it run: mirolive schedule resume ${quoted(paused[0] ?? '')}, or paused: false in the file`,
        ]),
  ];
}

function changeLines({ what, name, act, fields, effect, takenFrom }: Change, paint: Paint): string[] {
  const [sign, style, words] = signs[act];
  return [
    paint(style, `${sign} ${what} ${printable(name)}${words}`),
    // Of what is new only that counts which it has.
    ...fields
      .filter(({ before, after }) => before !== null || after !== 'false')
      .map((field) => `    ${fieldWords(field)}`),
    ...(takenFrom === null ? [] : [paint('yellow', `    is taken over from ${printable(takenFrom)}`)]),
    ...(effect === null ? [] : [paint('red', `    ${printable(effect)}`)]),
  ];
}

function fieldWords({ path, before, after }: ChangedField): string {
  const [was, is] = [before ?? 'not set', after ?? 'not set'].map(printable);
  return `${printable(path)}: ${before === null ? '' : `${was} → `}${is}`;
}

const states: Readonly<Record<AppliedBroadcast['state'], string>> = {
  live: 'is on air',
  begun: 'begins',
  edited: 'plays on with its new playlist',
  kept: 'goes on after a restart',
  stopped: 'is off air',
  failed: 'failed',
};

/** What was done. */
export function broadcastLines({ changes, broadcasts }: Applied, paint: Paint): string[] {
  if (changes.length === 0) return [];
  const failed = broadcasts.filter(({ state }) => state === 'failed').length;
  return [
    `Applied: ${count(changes.length - failed, 'change')}.${failed === 0 ? '' : ` Failed: ${failed}.`}`,
    ...broadcasts.map(({ room, state, reason }) => {
      const line = `${printable(room)} ${states[state]}${reason === null ? '' : `: ${printable(reason)}`}`;
      return reason === null ? line : paint('red', line);
    }),
  ];
}
