import { clock } from '../../contract/media-time.ts';
import type { OnAir } from '../../contract/models.ts';
import type { ProgrammeEntry, ProgrammeState } from '../../contract/programme-state.ts';
import { entryWords } from './event-words.ts';
import { type Paint, printable, span } from './format.ts';

/** What is on air: `talk.mp4`, `backup.mp4 (fallback-1)`, `slate`; the slate and nothing as a warning, what was taken or stands in as well to see. */
export function onAirCell(onAir: Pick<OnAir, 'entry' | 'words'>, paint: Paint): string {
  if (onAir.entry === 'nothing') return paint('yellow', `nothing (${printable(onAir.words)})`);
  if (onAir.entry === 'main') return printable(onAir.words);
  return paint(onAir.entry === 'slate' ? 'yellow' : 'cyan', entryWords(onAir));
}

/** One line about a programme: what is on air, since when, and what the operator has set. */
export function programmeLine(room: string, state: ProgrammeState, now: number, paint: Paint): string {
  const { paused, volumePercent, muted } = state;
  const settings = [
    ...(paused ? [paint('yellow', 'paused')] : []),
    ...(volumePercent === 100 ? [] : [`volume ${volumePercent} %`]),
    ...(muted ? [paint('yellow', 'muted')] : []),
  ];
  if (state.onAir.entry === 'nothing')
    return [
      `${room}: ${paint('yellow', `nothing on air: ${printable(state.onAir.words)}`)}`,
      ...settings,
    ].join(', ');
  const since = `for ${span(now - Date.parse(state.onAir.since))}`;
  const shown = state.entries.find(({ state: is, entry }) => is === 'onAir' && entry === state.onAir.entry);
  const at = shown?.place ? ` at ${clock(shown.place.positionMs)}` : '';
  const behind = state.entries.flatMap((one) => {
    if (one.entry !== 'take' && one.entry !== 'main') return [];
    const words = goesOnWords(one) ?? (one.entry === 'take' ? awaitedWords(one) : null);
    return words === null ? [] : [`${one.entry} ${words}`];
  });
  return [
    [`${room}: on air: ${onAirCell(withItem(state), paint)}${at}`, since, ...settings].join(', '),
    ...behind,
  ].join('; ');
}

/** How a run that is on air is ended: to want the programme back does not. */
export function runWords({ entries }: ProgrammeState): string[] {
  const run = entries.find(({ state, schedule }) => state === 'onAir' && schedule !== undefined);
  return run ? [`That is a schedule's; to end it: mirolive schedule stop ${run.schedule}`] : [];
}

/** `goes on at 5:19 of two.mp4`: what something else is on air before; null: it is on air, has failed, or has no place. */
export function goesOnWords({ state, place }: ProgrammeEntry): string | null {
  if (place === null || state === 'onAir' || state === 'failed') return null;
  return `goes on at ${clock(place.positionMs)}${place.item === null ? '' : ` of ${printable(place.item)}`}`;
}

/** `is away: waits for a caller on port 9000 by SRT`: why what was taken is not seen; null: it is, or nothing is known. */
function awaitedWords({ state, reason }: ProgrammeEntry): string | null {
  return state === 'away' && reason !== null ? `is away: ${printable(reason)}` : null;
}

/** A playlist is called by its item that plays. */
export function withItem({ onAir, entries, playlist }: ProgrammeState): Pick<OnAir, 'entry' | 'words'> {
  const entry = entries.find(({ state }) => state === 'onAir');
  const item =
    entry?.kind === 'playlist' ? playlist?.items.find(({ state }) => state === 'playing') : undefined;
  return item === undefined ? onAir : { ...onAir, words: item.words };
}
