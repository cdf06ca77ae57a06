import type { Event } from '../../contract/events.ts';
import { clock } from '../../contract/media-time.ts';
import type { AnnouncedBroadcast, Broadcast } from '../../contract/models.ts';
import { lackWords } from '../../contract/source-words.ts';
import type { Output } from '../program/output.ts';
import {
  contentEventWords,
  endWords,
  entryWords,
  gapWords,
  overloadWords,
  switchWords,
} from '../words/event-words.ts';
import { cureLines, planLines, printable } from '../words/format.ts';

/** How a broadcast ended. */
export type Ended = Extract<Event, { type: 'broadcast.ended' }>;

/** What the operator sees of the broadcast that `stream` started. */
export interface StreamView {
  /** @param waits what it waits for before anything of it is on air; null: it is */
  started(broadcast: Broadcast, waits: string | null): void;
  /** An event of this broadcast, or a change of its room's viewers. */
  event(event: Event): void;
  /** It is being taken off air. */
  stopping(): void;
  /** Nothing more comes; leaves the terminal as it was. */
  close(): void;
}

/** One JSON text per event of the broadcast. */
export function jsonView(output: Output): StreamView {
  return {
    started: () => {},
    event: (event) => {
      if ('broadcast' in event) output.value(event);
    },
    stopping: () => {},
    close: () => {},
  };
}

/** A few lines: for logs, and for terminals that cannot be drawn on. */
export function plainView(output: Output): StreamView {
  let isAwaited = false;
  const tellPlan = ({ plan, source }: Broadcast | AnnouncedBroadcast) => {
    for (const line of [...planLines(plan), ...cureLines(plan, source.kind)]) output.line(line);
  };
  return {
    started(broadcast, waits) {
      const { name, room, id, watchUrl } = broadcast;
      isAwaited = waits !== null;
      const named = `${printable(name)} in ${room} (${id})`;
      output.line(isAwaited ? `Not on air yet: ${named} ${waits}` : `On air: ${named}`);
      if (!isAwaited) tellPlan(broadcast);
      output.line(`watch: ${watchUrl}`);
    },
    event(event) {
      // Who comes for the first time is not back.
      if (event.type === 'source.back' && isAwaited) return;
      if (event.type === 'broadcast.started' && isAwaited) {
        isAwaited = false;
        output.line(`On air: ${printable(event.value.name)}`);
        tellPlan(event.value);
      }
      const line = event.type === 'broadcast.ended' ? endedLine(event) : newsLine(event);
      if (line !== null) output.line(line);
    },
    stopping: () => output.line('Stopping …'),
    close: () => {},
  };
}

/** What an operator should hear of while it runs; null: nothing. */
function newsLine(event: Event): string | null {
  switch (event.type) {
    case 'programme.switched':
      return switchWords(event);
    case 'playlist.item':
      return `item ${event.index + 1}: ${printable(event.words)}`;
    case 'source.back':
      return `${entryWords(event)} is back`;
    case 'content.back':
      return contentEventWords(event);
    default:
      return troubleLine(event);
  }
}

/** What has gone wrong; null: nothing. */
export function troubleLine(event: Event): string | null {
  switch (event.type) {
    case 'pipeline.failed':
      return `ffmpeg failed, it is started again: ${printable(event.message)}`;
    case 'pipeline.overloaded':
      return overloadWords(event);
    case 'source.away':
      return `${entryWords(event)} is away: ${printable(event.reason)}`;
    case 'source.lacks':
      return event.tracks.length === 0 ? null : lackWords(entryWords(event), event.tracks);
    case 'source.gap':
      return gapWords(event);
    case 'content.black':
    case 'content.frozen':
    case 'content.silent':
    case 'content.clipping':
      return contentEventWords(event);
    case 'playlist.skipped':
      return `skipped ${printable(event.words)}: ${printable(event.reason)}`;
    default:
      return null;
  }
}

/** The last line of every view. */
export function endedLine(ended: Ended): string {
  const loops = ended.stats.loops === 0 ? '' : `, round ${ended.stats.loops + 1}`;
  return `Off air: ${endWords(ended.reason, null)} at ${clock(ended.stats.positionMs)}${loops}`;
}
