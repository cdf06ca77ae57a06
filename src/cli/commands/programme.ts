import { contentWords } from '../../contract/content-words.ts';
import type { ProgrammeEntry, ProgrammeState } from '../../contract/programme-state.ts';
import { lackWords } from '../../contract/source-words.ts';
import { connect } from '../program/context.ts';
import { chooseRoom } from '../program/room.ts';
import type { RoomOption, Verb } from '../program/verb.ts';
import { count, cureLines, type Paint, planLines, printable, span, table } from '../words/format.ts';
import { healthLines } from '../words/health-words.ts';
import { goesOnWords, programmeLine, withItem } from '../words/programme-words.ts';
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
      const rooms = await client.call('listRooms', {});
      const health = rooms.find(({ name }) => name === room)?.health;
      const publishers = output.json ? [] : await client.call('listPublishers', { room });
      const standby = standbyLines(publishers, output.paint);
      const words = () => [
        ...healthLines(room, health, output.paint),
        ...programmeTable(room, state, Date.now(), output.paint),
        ...standby,
      ];
      output.show({ ...state, health }, words, { fold: true });
    });

const stateWords: Readonly<Record<ProgrammeEntry['state'], string>> = {
  idle: 'not needed',
  starting: 'starting',
  ready: 'ready',
  onAir: 'on air',
  away: 'away',
  failed: 'failed',
};

/** A programme: what is on air, everything that could be with its state and how that is, and how often it has changed. */
function programmeTable(room: string, state: ProgrammeState, now: number, paint: Paint): string[] {
  const { entries, switches, slates, slateMs } = state;
  // A daemon from before has none.
  const { content = { wrong: [], times: 0 } } = state as Partial<ProgrammeState>;
  const rows = entries.map(({ entry, state, words }) => [entry, stateCell(state, paint), printable(words)]);
  const [heading = '', ...lines] = table(['ENTRY', 'STATE', 'SOURCE'], rows, paint);
  const details = entries.map((entry) => detailLines(room, entry, state, now).map((line) => `  ${line}`));
  const slate = slates === 0 ? '' : `; the slate ${count(slates, 'time')}, for ${span(slateMs)} in all`;
  const faults = content.times === 0 ? '' : `; told of its content ${count(content.times, 'time')}`;
  return [
    programmeLine(room, state, now, paint),
    ...contentLines(withItem(state).words, content, now).map((line) => paint('yellow', line)),
    `${count(switches, 'change')} of what is on air${slate}${faults}`,
    '',
    heading,
    ...lines.flatMap((line, place) => [line, ...(details[place] ?? [])]),
  ];
}

/** What viewers would complain of now. */
function contentLines(words: string, { wrong }: ProgrammeState['content'], now: number): string[] {
  return wrong.map((one) =>
    printable(`${contentWords(words, one)} for ${span(now - Date.parse(one.since))}`),
  );
}

/** How it is played, or why it is not, and what the operator may have missed. */
function detailLines(room: string, entry: ProgrammeEntry, { wanted }: ProgrammeState, now: number): string[] {
  const { reason, plan, lacks = [] } = entry as ProgrammeEntry & { readonly lacks?: ProgrammeEntry['lacks'] };
  const lack = lacks.length === 0 ? '' : lackWords(entry.words, lacks);
  const how = reason === null ? (plan ? [...planLines(plan), ...cureLines(plan, entry.kind)] : []) : [reason];
  const byCommand =
    entry.entry === 'slate' && wanted.slate ? `by command; to end it: mirolive slate off --room ${room}` : '';
  return [lack, ...how, byCommand, lossWords(entry, now), goesOnWords(entry) ?? '']
    .filter(Boolean)
    .map(printable);
}

/** An address that is connected to again and again. */
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
