import type { Key as InkKey } from 'ink';
import type { Key } from './prompt.ts';

/** What Ink tells of a key, in our names; several where they came at once, as over a slow line. */
export function keysOfInput(input: string, key: InkKey): Key[] {
  if (key.eventType === 'release') return [];
  const named = nameOf(key);
  if (named !== null) return [{ name: named, text: '' }];
  if (key.ctrl) return [{ name: `ctrl+${input}`, text: '' }];
  if (key.meta) return [];
  return [...new Intl.Segmenter().segment(input)].map(({ segment }) => keyOf(segment));
}

/** A key that came among others, or alone. */
function keyOf(text: string): Key {
  const names: Readonly<Record<string, string>> = {
    ...{
      '\r': 'enter',
      '\n': 'enter',
      '\r\n': 'enter',
      '\t': 'tab',
      '\u007f': 'backspace',
      '\b': 'backspace',
    },
    '\u001b': 'escape',
  };
  const name = names[text];
  if (name !== undefined) return { name, text: '' };
  const code = text.charCodeAt(0);
  if (code < 32) return { name: `ctrl+${String.fromCharCode(code + 96)}`, text: '' };
  return { name: text === ' ' ? 'space' : text, text };
}

function nameOf(key: InkKey): string | null {
  if (key.tab) return key.shift ? 'shift+tab' : 'tab';
  const names = {
    ...{ upArrow: 'up', downArrow: 'down', leftArrow: 'left', rightArrow: 'right', pageUp: 'pageup' },
    ...{ pageDown: 'pagedown', home: 'home', end: 'end', return: 'enter', escape: 'escape' },
    ...{ backspace: 'backspace', delete: 'delete' },
  } as const;
  const found = (Object.keys(names) as (keyof typeof names)[]).find((name) => key[name]);
  return found === undefined ? null : names[found];
}
