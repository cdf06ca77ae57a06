import { only } from '../containers.ts';
import type { Input } from '../input.ts';

/** What comes live is looked at for so long before it is played, in µs; ffmpeg's usual 5 s would be waited for too often. */
export const liveAnalysis: readonly string[] = ['-analyzeduration', '2000000'];

/** A live source's address as ffmpeg opens it. */
export interface AddressInput {
  readonly location: string;
  readonly protocols: readonly string[];
  readonly formats: readonly string[];
  /** Options of its protocol and its container, in pairs: `-name`, value. */
  readonly options: readonly string[];
}

/**
 * An address that only ffmpeg reads, and nobody in its arguments, whatever in it is secret: user and password, keys in its path
 * or its query, pass phrases. It stands in a script of ffmpeg's concat demuxer (https://ffmpeg.org/ffmpeg-formats.html, `concat`)
 * on a pipe. What the address gives may not be such a script.
 */
export function toldAside({ location, protocols, formats, options }: AddressInput): {
  readonly parts: Input['parts'];
  readonly aside: string;
} {
  const inside = [...options, ...liveAnalysis, ...only(protocols, formats)];
  const pairs = inside.flatMap((name, at) =>
    at % 2 === 0 ? [`option ${name.slice(1)} ${quoted(inside[at + 1] ?? '')}`] : [],
  );
  const outside = only(['pipe', ...protocols], ['concat', ...formats]);
  return {
    parts: [{ options: [...outside, ...liveAnalysis, '-f', 'concat', '-safe', '0'], location: 'pipe:3' }],
    aside: ['ffconcat version 1.0', `file ${quoted(location)}`, ...pairs, ''].join('\n'),
  };
}

/** As ffmpeg's scripts have it (https://ffmpeg.org/ffmpeg-utils.html, `Quoting and escaping`); a line is one of them. */
function quoted(text: string): string {
  return `'${text.replaceAll(/[\r\n]/g, '').replaceAll("'", String.raw`'\''`)}'`;
}
