import type { Theme } from './theme.ts';

type Variables = Readonly<Record<string, string | undefined>>;

/** How pictures get on a terminal: by its own protocol, or by half blocks, which every terminal has that draws Unicode. */
export type PictureKind = 'kitty' | 'iterm' | 'sixel' | 'blocks';

/** Whether what is written is UTF-8, as the locale has it (POSIX: LC_ALL before LC_CTYPE before LANG). */
export function isUtf8(variables: Variables): boolean {
  const locale = variables.LC_ALL || variables.LC_CTYPE || variables.LANG || '';
  return /utf-?8/i.test(locale);
}

/** What a terminal can show by what its environment says of it. */
export function themeOf(variables: Variables, color: boolean): Theme {
  return {
    colours: color ? (isTrueColour(variables) ? 'true' : '16') : 'none',
    ground: groundOf(variables.COLORFGBG),
    unicode: isUtf8(variables),
  };
}

/** How pictures get on this terminal, where its environment says so; null: it has to be asked. */
export function pictureKindOf(variables: Variables): PictureKind | null {
  const { TERM = '', TERM_PROGRAM = '' } = variables;
  // What stands between passes on no picture, unless it is told to.
  if (variables.TMUX || /^(screen|tmux)/.test(TERM) || variables.STY) return 'blocks';
  if (variables.KITTY_WINDOW_ID || /kitty|ghostty/.test(TERM) || TERM_PROGRAM === 'ghostty') return 'kitty';
  if (/^(iTerm\.app|WezTerm|mintty|vscode)$/.test(TERM_PROGRAM)) return 'iterm';
  if (/^(foot|mlterm|yaft)/.test(TERM)) return 'sixel';
  if (/^(linux|dumb|vt100)/.test(TERM) || TERM_PROGRAM === 'Apple_Terminal') return 'blocks';
  return null;
}

function isTrueColour({ COLORTERM = '', TERM = '' }: Variables): boolean {
  return /^(truecolor|24bit)$/.test(COLORTERM) || /-direct$/.test(TERM);
}

/** `15;0`: the colours of letters and ground by number, as rxvt, Konsole and others say them. */
function groundOf(colours = ''): Theme['ground'] {
  const ground = /;(\d+)$/.exec(colours)?.[1];
  if (ground === undefined) return 'unknown';
  return Number(ground) === 7 || Number(ground) > 8 ? 'light' : 'dark';
}
