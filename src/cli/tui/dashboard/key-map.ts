/** Where a key means something; `lists`: everywhere, `aired`: where a room is chosen or open; `viewers`: where one of its viewers is. */
export type Where = 'lists' | 'rooms' | 'room' | 'aired' | 'viewers';

/** What a key does. */
export type Deed =
  | ('up' | 'down' | 'pageUp' | 'pageDown' | 'first' | 'last' | 'open' | 'back' | 'quit')
  | ('rooms' | 'machine' | 'nextPane' | 'previousPane' | 'filter' | 'sort' | 'help' | 'command')
  | ('start' | 'stop' | 'next' | 'previous' | 'seekBack' | 'seekOn' | 'seek' | 'pause' | 'slate' | 'take')
  | ('release' | 'mute' | 'louder' | 'softer' | 'announce')
  | ('kick' | 'ban' | 'message' | 'lowerHand')
  | ('undo' | 'still' | 'redraw' | 'suspend');

/** A key, or several that do the same. */
export interface Binding {
  readonly keys: readonly string[];
  readonly does: Deed;
  /** What it does, for the help and the documentation. */
  readonly words: string;
  readonly where: Where;
  /** What it does, in a word, on the last line of the screen. */
  readonly short?: string;
  /** It changes what viewers see or who they are: read-only refuses it. */
  readonly changes?: true;
}

/** Every key. The help, the last line of the screen and the documentation are made of it. */
export const keyMap: readonly Binding[] = [
  { keys: ['up', 'k'], does: 'up', words: 'the one above', where: 'lists' },
  { keys: ['down', 'j'], does: 'down', words: 'the one below', where: 'lists' },
  { keys: ['pageup', 'ctrl+b'], does: 'pageUp', words: 'a page up', where: 'lists' },
  { keys: ['pagedown', 'ctrl+f'], does: 'pageDown', words: 'a page down', where: 'lists' },
  { keys: ['home', 'g'], does: 'first', words: 'the first', where: 'lists' },
  { keys: ['end', 'G'], does: 'last', words: 'the last', where: 'lists' },
  { keys: ['enter'], does: 'open', words: 'open the room', where: 'rooms', short: 'open' },
  { keys: ['escape', 'left', 'h'], does: 'back', words: 'back; ends a filter', where: 'lists' },
  { keys: ['tab', 'right'], does: 'nextPane', words: 'the next pane', where: 'room', short: 'pane' },
  { keys: ['shift+tab'], does: 'previousPane', words: 'the pane before', where: 'room' },
  {
    keys: ['K'],
    does: 'kick',
    words: 'put the viewer out (asks before)',
    where: 'viewers',
    short: 'put out',
    changes: true,
  },
  {
    keys: ['B'],
    does: 'ban',
    words: 'ban it from the room (asks before)',
    where: 'viewers',
    short: 'ban',
    changes: true,
  },
  {
    keys: ['M'],
    does: 'message',
    words: 'show it a line on its page',
    where: 'viewers',
    short: 'message',
    changes: true,
  },
  { keys: ['H'], does: 'lowerHand', words: 'lower its hand', where: 'viewers', changes: true },
  { keys: ['1'], does: 'rooms', words: 'the rooms', where: 'lists' },
  { keys: ['2'], does: 'machine', words: 'the machine, and all processes', where: 'lists' },
  { keys: ['/'], does: 'filter', words: 'only what has these words', where: 'lists', short: 'filter' },
  { keys: ['o'], does: 'sort', words: 'another order', where: 'lists' },
  {
    keys: [':'],
    does: 'command',
    words: 'any command; Tab completes',
    where: 'lists',
    short: 'command',
  },
  { keys: ['s'], does: 'start', words: 'put a file on air', where: 'lists', short: 'start', changes: true },
  {
    keys: ['x'],
    does: 'stop',
    words: 'take it off air (asks before)',
    where: 'aired',
    short: 'stop',
    changes: true,
  },
  { keys: ['n'], does: 'next', words: 'the next item', where: 'aired', changes: true },
  { keys: ['b'], does: 'previous', words: 'the item before', where: 'aired', changes: true },
  { keys: ['['], does: 'seekBack', words: '30 s back', where: 'aired', changes: true },
  { keys: [']'], does: 'seekOn', words: '30 s on', where: 'aired', changes: true },
  { keys: ['e'], does: 'seek', words: 'to a place, such as 12:30', where: 'aired', changes: true },
  {
    keys: ['space'],
    does: 'pause',
    words: 'hold the picture, or go on',
    where: 'aired',
    short: 'pause',
    changes: true,
  },
  {
    keys: ['l'],
    does: 'slate',
    words: 'the slate, or no longer',
    where: 'aired',
    short: 'slate',
    changes: true,
  },
  {
    keys: ['t'],
    does: 'take',
    words: 'put another source above it',
    where: 'aired',
    short: 'take',
    changes: true,
  },
  { keys: ['r'], does: 'release', words: 'back to the programme', where: 'aired', changes: true },
  {
    keys: ['m'],
    does: 'mute',
    words: 'no sound, or sound again',
    where: 'aired',
    short: 'mute',
    changes: true,
  },
  { keys: ['+', '='], does: 'louder', words: 'louder by 10 %', where: 'aired', changes: true },
  { keys: ['-'], does: 'softer', words: 'softer by 10 %', where: 'aired', changes: true },
  { keys: ['A'], does: 'announce', words: 'show all its viewers a line', where: 'aired', changes: true },
  { keys: ['p'], does: 'still', words: 'a still of the picture', where: 'aired', short: 'picture' },
  {
    keys: ['u'],
    does: 'undo',
    words: 'undo what was done last',
    where: 'lists',
    short: 'undo',
    changes: true,
  },
  { keys: ['?'], does: 'help', words: 'these keys', where: 'lists', short: 'help' },
  { keys: ['ctrl+l'], does: 'redraw', words: 'draw the screen anew', where: 'lists' },
  { keys: ['ctrl+z'], does: 'suspend', words: 'to the shell; fg comes back', where: 'lists' },
  { keys: ['q', 'ctrl+c'], does: 'quit', words: 'leave', where: 'lists', short: 'quit' },
];

/** Where in the order of the help these stand, and their heading. */
export const places: Readonly<Record<Where, string>> = {
  lists: 'Everywhere',
  rooms: 'In the list of rooms',
  room: 'In a room',
  aired: 'With a room that is chosen or open',
  viewers: 'With a viewer that is chosen',
};

/** What a key does here; undefined: nothing. */
export function bindingOf(key: string, here: readonly Where[]): Binding | undefined {
  return keyMap.find(({ keys, where }) => keys.includes(key) && here.includes(where));
}

/** A key as people call it. */
export function keyWords(key: string): string {
  const names: Readonly<Record<string, string>> = {
    ...{ up: '↑', down: '↓', left: '←', right: '→', enter: 'Enter', escape: 'Esc', tab: 'Tab' },
    ...{
      pageup: 'PgUp',
      pagedown: 'PgDn',
      home: 'Home',
      end: 'End',
      space: 'Space',
      'shift+tab': 'Shift-Tab',
    },
  };
  return names[key] ?? key.replace(/^ctrl\+(.)/, (_, letter: string) => `Ctrl-${letter.toUpperCase()}`);
}
