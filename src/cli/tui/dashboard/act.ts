import type { Control } from '../../../contract/control.ts';
import { clock } from '../../../contract/media-time.ts';
import type { ProgrammeState } from '../../../contract/programme-state.ts';
import type { Deed } from './key-map.ts';
import type { ViewerAct } from './viewer-act.ts';

/** What is asked of the daemon. */
export type Act =
  /** A key on a room: what it means there is known when it is done. */
  | { readonly is: 'deed'; readonly deed: Deed; readonly room: string }
  /** A command to what is on air in a room, as long as that is the same broadcast. */
  | {
      readonly is: 'control';
      readonly room: string;
      readonly broadcast: string;
      readonly command: Control;
      readonly words: string;
    }
  | { readonly is: 'stop'; readonly room: string; readonly broadcast: string }
  | ViewerAct;

/** A command, how it is told afterwards, and what takes it back. */
export interface Done {
  readonly command: Control;
  readonly words: string;
  readonly undo: Control | null;
}

/** How far a key seeks, in ms. */
const stepMs = 30_000;
/** How much louder or softer a key makes it, in percent. */
const stepPercent = 10;

/** What a key means in a room as it is; null: nothing. */
export function commandOf(deed: Deed, room: string, state: ProgrammeState, positionMs: number): Done | null {
  const { paused, muted, volumePercent, wanted } = state;
  const back: Control = { type: 'seek', positionMs: Math.max(0, Math.round(positionMs)) };
  switch (deed) {
    case 'pause':
      return paused
        ? { command: { type: 'resume' }, words: `${room} goes on`, undo: { type: 'pause' } }
        : { command: { type: 'pause' }, words: `${room} is paused`, undo: { type: 'resume' } };
    case 'mute':
      return {
        command: { type: 'mute', on: !muted },
        words: muted ? `${room} is heard again` : `${room} is muted`,
        undo: { type: 'mute', on: muted },
      };
    case 'slate':
      return {
        command: { type: 'slate', on: !wanted.slate },
        words: wanted.slate ? `the slate of ${room} is off` : `the slate is on in ${room}`,
        undo: { type: 'slate', on: wanted.slate },
      };
    case 'louder':
    case 'softer': {
      const percent = Math.min(
        200,
        Math.max(0, volumePercent + (deed === 'louder' ? stepPercent : -stepPercent)),
      );
      if (percent === volumePercent) return null;
      const undo: Control = { type: 'volume', percent: volumePercent };
      return { command: { type: 'volume', percent }, words: `${room} at ${percent} % of its volume`, undo };
    }
    case 'next':
      return { command: { type: 'next' }, words: `the next item of ${room}`, undo: { type: 'previous' } };
    case 'previous':
      return { command: { type: 'previous' }, words: `the item before in ${room}`, undo: { type: 'next' } };
    case 'seekBack':
      return { command: { type: 'seekBy', offsetMs: -stepMs }, words: `${room} 30 s back`, undo: back };
    case 'seekOn':
      return {
        command: { type: 'seekBy', offsetMs: stepMs },
        words: `${room} 30 s on, from ${clock(positionMs)}`,
        undo: back,
      };
    case 'release':
      return {
        command: { type: 'release' },
        words: `${room} is back at its programme`,
        undo: wanted.slate ? { type: 'slate', on: true } : null,
      };
    default:
      return null;
  }
}
