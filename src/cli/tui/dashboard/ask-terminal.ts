import { setTimeout as pause } from 'node:timers/promises';
import type { Stdin } from '../../program/context.ts';
import { type PictureKind, pictureKindOf } from './terminal-kind.ts';
import type { Theme } from './theme.ts';

/** What a terminal has said of itself. */
export interface Answered {
  readonly ground: Theme['ground'];
  readonly pictures: PictureKind;
}

/** Who has not answered by then, over any line, does not answer, in ms. */
const patienceMs = 1000;

// The colour of its ground (OSC 11), whether it takes kitty's pictures, and last what every terminal answers: what it is (DA1).
const questions = '\u001b]11;?\u001b\\\u001b_Gi=1,s=1,v=1,a=q,t=d,f=24;AAAA\u001b\\\u001b[c';
// biome-ignore lint/suspicious/noControlCharactersInRegex: answers of terminals begin with it.
const ends = /\u001b\[\?([\d;]*)c/;

/** Asks a terminal for what its environment does not say, where something depends on it. What is typed meanwhile is not lost. */
export async function askTerminal(
  variables: Readonly<Record<string, string | undefined>>,
  theme: Theme,
  { stdin, stdout }: { readonly stdin: Stdin; readonly stdout: NodeJS.WriteStream },
): Promise<{ readonly theme: Theme; readonly pictures: PictureKind }> {
  const known = pictureKindOf(variables);
  const wantsGround = theme.colours === 'true' && theme.ground === 'unknown';
  if (known !== null && !wantsGround) return { theme, pictures: known };
  const { ground, pictures } = answered(await answers(stdin as NodeJS.ReadStream, stdout));
  return {
    theme: theme.ground === 'unknown' ? { ...theme, ground } : theme,
    pictures: known ?? pictures,
  };
}

/** What the answers of a terminal mean. */
export function answered(text: string): Answered {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: answers of terminals begin with it.
  const colour = /\u001b\]11;rgb:([\da-f]+)\/([\da-f]+)\/([\da-f]+)/i.exec(text)?.slice(1);
  const attributes = (ends.exec(text)?.[1] ?? '').split(';');
  const isKitty = text.includes('\u001b_Gi=1;OK\u001b\\');
  return {
    ground: colour === undefined ? 'unknown' : isBright(colour) ? 'light' : 'dark',
    // 4 in DA1: it draws sixels.
    pictures: isKitty ? 'kitty' : attributes.slice(1).includes('4') ? 'sixel' : 'blocks',
  };
}

/** Brightness as ITU-R BT.601 weighs colours; each has as many digits as the terminal likes. */
function isBright(colour: readonly string[]): boolean {
  const [red = 0, green = 0, blue = 0] = colour.map(
    (part) => Number.parseInt(part, 16) / (16 ** part.length - 1),
  );
  return 0.299 * red + 0.587 * green + 0.114 * blue > 0.5;
}

async function answers(stdin: NodeJS.ReadStream, stdout: NodeJS.WriteStream): Promise<string> {
  const over = new AbortController();
  let text = '';
  const told = new Promise<void>((resolve) => {
    // Not by `data`: a stream that has flowed and was paused tells the next reader nothing.
    const read = () => {
      for (let chunk = stdin.read(); chunk !== null; chunk = stdin.read()) text += String(chunk);
      if (ends.test(text)) resolve();
    };
    stdin.on('readable', read);
    over.signal.addEventListener('abort', () => stdin.off('readable', read), { once: true });
  });
  stdin.setRawMode(true);
  stdout.write(questions);
  await Promise.race([told, pause(patienceMs, undefined, { signal: over.signal }).catch(() => {})]);
  over.abort();
  stdin.setRawMode(false);
  const typed = withoutAnswers(text);
  if (typed !== '') stdin.unshift(Buffer.from(typed));
  return text;
}

/** What somebody has typed meanwhile. */
export function withoutAnswers(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: answers of terminals begin with it.
  return text.replace(/\u001b(?:\][^\u0007\u001b]*(?:\u0007|\u001b\\)|_[^\u001b]*\u001b\\|\[\?[\d;]*c)/g, '');
}
