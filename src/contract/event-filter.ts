/** The form of a word that names types of events: one type, all that begin so, or all. */
const form = /^(?:\*|[a-z]+\.(?:\*|[a-zA-Z]+))$/;

/** Whether a type of event is meant by one of these words: `broadcast.started`, `broadcast.*`, `*`. */
export function isMeant(type: string, words: readonly string[]): boolean {
  return words.some((word) => covers(word, type));
}

/** Those of these words that mean no type there is. */
export function meaningless(words: readonly string[], types: readonly string[]): string[] {
  return words.filter((word) => !form.test(word) || !types.some((type) => covers(word, type)));
}

function covers(word: string, type: string): boolean {
  if (word === '*' || word === type) return true;
  return word.endsWith('.*') && type.startsWith(word.slice(0, -1));
}
