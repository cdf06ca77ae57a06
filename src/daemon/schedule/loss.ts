import type { Event } from '../../contract/events.ts';
import type { PutOver } from '../rooms/put-over.ts';
import { isAbove, type Put } from './run.ts';

/** What rooms tell of what is over there. */
export type News =
  | Pick<Extract<Event, { type: 'broadcast.ended' }>, 'broadcast' | 'reason' | 'message'>
  | PutOver;

/** Why what a run has put on air is there no more. */
export type Lost =
  /** It was played to its end. */
  | { readonly is: 'ended' }
  /** Something else has its place. */
  | { readonly is: 'replaced' }
  | { readonly is: 'failed'; readonly message: string }
  /** Somebody has ended it. */
  | { readonly is: 'stopped' }
  /** What it was put above is over, and nothing is wrong with it. */
  | { readonly is: 'alone' };

/** What some news means for what a run has put there; null: nothing. Pure. */
export function lossOf(put: Put, news: News): Lost | null {
  if ('end' in news) {
    if (!isAbove(put) || put.id !== news.id) return null;
    return news.end.is === 'removed' ? { is: 'stopped' } : news.end;
  }
  const { broadcast, reason, message } = news;
  if (reason === 'shutdown') return null;
  if (put.kind === 'broadcast') {
    if (put.id !== broadcast) return null;
    if (reason === 'failed') return { is: 'failed', message: message ?? 'it failed' };
    return { is: reason };
  }
  // Whether a slate is kept over what has its place is seen later.
  if (put.broadcast !== broadcast || (put.kind === 'slate' && reason === 'replaced')) return null;
  return { is: reason === 'stopped' ? 'stopped' : 'alone' };
}
