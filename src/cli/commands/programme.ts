import type { ProgrammeEntry, ProgrammeState } from '../../contract/programme-state.ts';
import { connect } from '../program/context.ts';
import { chooseRoom } from '../program/room.ts';
import type { RoomOption, Verb } from '../program/verb.ts';
import { count, planLines, printable, span } from '../words/format.ts';
import { headedTable, type Paint } from '../words/headed-table.ts';
import { programmeLine } from '../words/programme-words.ts';
import { standbyLines } from '../words/standby-words.ts';

/** `mirolive programme [--room R]` */
export const add = (program: Verb) =>
  program
    .verb('programme', 'What is on air in a room, what could be, and why not.', [
      'mirolive programme --room lobby',
      'mirolive programme --json | jq -r .onAir.entry',
    ])
    .inRoom()
    .does(async (context, options: RoomOption) => {
      const client = await connect(context);
      const room = await chooseRoom(client, options);
      const state = await client.call('getProgramme', { room });
      const { output } = context;
      const publishers = output.json ? [] : await client.call('listPublishers', { room });
      const known = new Set(state.entries.flatMap(({ kind, words }) => (kind === 'publisher' ? words : [])));
      const standby = standbyLines(
        publishers.filter(({ key }) => !known.has(key)),
        output.paint,
      );
      output.show(state, () => [...programmeTable(room, state, Date.now(), output.paint), ...standby]);
    });

const stateWords: Readonly<Record<ProgrammeEntry['state'], string>> = {
  idle: 'not needed',
  starting: 'starting',
  ready: 'ready',
  onAir: 'on air',
  away: 'away',
  failed: 'failed',
};

/** A programme: what is on air, everything that could be with its state, and how often it has changed. */
function programmeTable(room: string, state: ProgrammeState, now: number, paint: Paint): string[] {
  const { entries, switches, slates, slateMs } = state;
  const rows = entries.map((entry) => [
    entry.entry,
    stateCell(entry.state, paint),
    printable(entry.words),
    printable([howItIs(entry), lossWords(entry, now)].filter(Boolean).join('; ')),
  ]);
  const slate = slates === 0 ? '' : `; the slate ${count(slates, 'time')}, for ${span(slateMs)} in all`;
  return [
    programmeLine(room, state, now, paint),
    `${count(switches, 'change')} of what is on air${slate}`,
    '',
    ...headedTable(['ENTRY', 'STATE', 'SOURCE', 'HOW, OR WHY NOT'], rows, paint),
  ];
}

function howItIs({ reason, plan }: ProgrammeEntry): string {
  return (
    reason ??
    (plan === null
      ? ''
      : planLines(plan)
          .map((line) => line.trim())
          .join('; '))
  );
}

/** What the operator may have missed: an address that is connected to again and again. */
function lossWords({ lost, reason }: ProgrammeEntry, now: number): string {
  if (lost === null) return '';
  const why = lost.reason === reason ? '' : `: ${lost.reason}`;
  return `lost ${count(lost.times, 'time')}, last ${span(now - Date.parse(lost.at))} ago${why}`;
}

function stateCell(state: ProgrammeEntry['state'], paint: Paint): string {
  const words = stateWords[state];
  if (state === 'onAir') return paint('green', words);
  return state === 'away' || state === 'failed' ? paint('yellow', words) : words;
}
