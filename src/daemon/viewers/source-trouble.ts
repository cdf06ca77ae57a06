import type { Event } from '../../contract/events.ts';

/** What went wrong with what is on air, in words; null: the event is no trouble of that kind. Pure. */
export function troubleWords(event: Event): string | null {
  switch (event.type) {
    case 'pipeline.failed':
      return `ffmpeg failed: ${event.message}`;
    case 'pipeline.overloaded':
      return 'this machine makes its picture slower than it plays';
    case 'source.away':
      return `${event.words} is away: ${event.reason}`;
    case 'source.gap':
      return `${event.words} has gaps: ${event.reason}`;
    case 'source.lacks':
      return event.tracks.length === 0 ? null : `${event.words} sends no ${event.tracks.join(' and no ')}`;
    case 'content.frozen':
      return `the picture of ${event.words} does not move`;
    default:
      return null;
  }
}
