import * as z from 'zod';
import { type Event, type EventType, event } from './events.ts';
import { nearest } from './nearest.ts';

/** Every type of event. */
export const eventTypes: readonly EventType[] = event.options.map((option) => option.shape.type.value);

/** Which events are meant, by their types: such as `viewer.joined` and `broadcast.*`. */
export const eventFilter = z
  .array(z.string().min(1).max(100))
  .min(1)
  .max(100)
  .superRefine((patterns, context) => {
    for (const pattern of patterns) {
      if (matching([pattern]).size > 0) continue;
      const like = nearest(pattern, eventTypes);
      const message = `expected a type of event, or such as broadcast.*, got ${JSON.stringify(pattern)}${like === undefined ? '' : `; did you mean ${like}?`}`;
      context.addIssue({ code: 'custom', message, input: patterns });
    }
  });

/** The same in a query: `viewer.joined,broadcast.*`. */
export const eventFilterText = z
  .string()
  .max(4000)
  .transform((text) => text.split(',').map((part) => part.trim()))
  .pipe(eventFilter);

/** The types that patterns stand for. */
export function matching(patterns: readonly string[]): ReadonlySet<Event['type']> {
  return new Set(eventTypes.filter((type) => patterns.some((pattern) => isLike(type, pattern))));
}

/** Whether a pattern stands for a type. */
export function isLike(type: string, pattern: string): boolean {
  return pattern.endsWith('*') ? type.startsWith(pattern.slice(0, -1)) : type === pattern;
}
