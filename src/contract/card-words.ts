import { clock } from './media-time.ts';

/** The words of a card, as they were written or as they are to be seen. */
export interface Card {
  readonly title: string;
  /** Below the title. */
  readonly text: string;
}

/** What comes behind an item of a playlist. */
export interface UpNext {
  /** What it is called; null: nothing comes, or nothing that has a name for viewers. */
  readonly next: string | null;
  /** In how long it starts, in ms; null: nobody knows. */
  readonly inMs: number | null;
}

const placeholders = /\{(next|startsIn)\}/g;

/** Whether what a card says depends on what comes next. */
export function isFilled({ title, text }: Card): boolean {
  return (title + text).search(placeholders) !== -1;
}

/** What looks like a placeholder of a card, and is shown as it stands: `{startIn}`. */
export function unknownPlaceholders({ title, text }: Card): string[] {
  return [...`${title}\n${text}`.replace(placeholders, '').matchAll(/\{\w+\}/g)].map(([words]) => words);
}

/** A card as it is to be seen now. A line whose placeholder has nothing to say is left out; what is filled in is filled in once. */
export function cardWords({ title, text }: Card, { next, inMs }: UpNext): Card {
  const values: Readonly<Record<string, string | null>> = {
    next: next === null ? null : onOneLine(next),
    // What is left of a second counts as one: it starts when 0:01 is over.
    startsIn: inMs === null ? null : clock(Math.ceil(inMs / 1000) * 1000),
  };
  const filled = (words: string) =>
    words
      .split(/\r\n|\r|\n/)
      .filter((line) => [...line.matchAll(placeholders)].every(([, name = '']) => values[name] !== null))
      .map((line) => line.replace(placeholders, (_, name: string) => values[name] ?? ''))
      .join('\n');
  return { title: filled(title), text: filled(text) };
}

export function onOneLine(words: string): string {
  return words.replace(/\s+/g, ' ').trim();
}
