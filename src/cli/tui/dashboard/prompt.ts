/** A line that is being typed. */
export interface Prompt {
  readonly text: string;
  /** Where the cursor is, in characters from the beginning. */
  readonly at: number;
}

/** A key as it comes: what it types, or its name. */
export interface Key {
  /** `a`, `enter`, `escape`, `up`, `ctrl+c` …; text that was pasted comes as one. */
  readonly name: string;
  /** What it types; empty: nothing. */
  readonly text: string;
}

/** No line is longer, in characters: paths have 4,096 bytes. */
const longest = 5000;

/** A prompt with the cursor at its end. */
export function promptOf(text: string): Prompt {
  return { text, at: text.length };
}

/** The line after a key, as Readline has it; null: the key is none of a line's. */
export function typed({ text, at }: Prompt, { name, text: more }: Key): Prompt | null {
  const [before, behind] = [text.slice(0, at), text.slice(at)];
  switch (name) {
    case 'backspace':
      return { text: `${withoutLast(before)}${behind}`, at: withoutLast(before).length };
    case 'delete':
    case 'ctrl+d':
      return { text: before + withoutFirst(behind), at };
    case 'left':
    case 'ctrl+b':
      return { text, at: withoutLast(before).length };
    case 'right':
    case 'ctrl+f':
      return { text, at: text.length - withoutFirst(behind).length };
    case 'home':
    case 'ctrl+a':
      return { text, at: 0 };
    case 'end':
    case 'ctrl+e':
      return { text, at: text.length };
    case 'ctrl+u':
      return { text: behind, at: 0 };
    case 'ctrl+k':
      return { text: before, at };
    case 'ctrl+w': {
      const rest = before.replace(/\S*\s*$/, '');
      return { text: rest + behind, at: rest.length };
    }
    default: {
      if (more === '') return null;
      // A line has no line ends; those of what is pasted are spaces.
      const flat = more.replace(/\s+/g, (space) => (/[\r\n]/.test(space) ? ' ' : space)).slice(0, longest);
      if (text.length + flat.length > longest) return { text, at };
      return { text: before + flat + behind, at: at + flat.length };
    }
  }
}

/** Without its last character as people count them. */
function withoutLast(text: string): string {
  const last = [...new Intl.Segmenter().segment(text)].at(-1);
  return last === undefined ? '' : text.slice(0, last.index);
}

function withoutFirst(text: string): string {
  const [first] = new Intl.Segmenter().segment(text);
  return text.slice(first?.segment.length ?? 0);
}

/** The words of a line as a shell would split them; null: a quote is open. */
export function shellWords(line: string): string[] | null {
  const words: string[] = [];
  let word: string | null = null;
  for (let at = 0; at < line.length; at++) {
    const letter = line.charAt(at);
    if (letter === ' ') {
      if (word !== null) words.push(word);
      word = null;
    } else if (letter === "'" || letter === '"') {
      const end = line.indexOf(letter, at + 1);
      if (end < 0) return null;
      word = (word ?? '') + line.slice(at + 1, end);
      at = end;
    } else {
      if (letter === '\\') at += 1;
      word = (word ?? '') + line.charAt(at);
    }
  }
  return word === null ? words : [...words, word];
}

/** The word that the end of a line is in, as it is typed: a space behind `\\` is part of it. */
export function currentWord(line: string): string {
  return /(?:\\.|[^\s\\])*\\?$/.exec(line)?.[0] ?? '';
}
