import * as z from 'zod';
import { shownText } from './shown-text.ts';

/** Longer ones than any that is registered (RFC 5646, 4.4.1). */
const longestLanguage = 35;

const expectedLanguage = 'expected a language such as de or pt-BR';
const language = z
  .string()
  .max(longestLanguage, expectedLanguage)
  .regex(/^[a-z]{2,3}(-[a-z0-9]{2,8})*$/i, expectedLanguage);

/** What stands at the door of a room: what people are told of it, whatever is on air. Each is a key of the room; null: nothing is said. */
export const roomSignKeys = {
  /** What it is called where what is on air has no name of its own, and where nothing is. */
  title: shownText(120).nullable().default(null),
  /** What it is about, for search engines and for chats that its address is sent to. */
  description: shownText(500).nullable().default(null),
  /** What its page says while nothing is on air. */
  welcome: shownText(500).nullable().default(null),
  /** In which language these words are (BCP 47), such as de. */
  language: language.nullable().default(null),
};
const roomSign = z.strictObject(roomSignKeys);
export type RoomSign = z.output<typeof roomSign>;
