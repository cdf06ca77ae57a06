import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { MiroliveError } from './errors.ts';
import type { NewEntrySource } from './models.ts';
import { nearest } from './nearest.ts';
import { testPatterns } from './source-kinds.ts';
import { protocolProblem } from './url-protocols.ts';

/** What the words may be, for help and hints. */
export const sourceWordForms =
  'a file, an address, the name of a stream key, slate, card:TITLE, test, test:PATTERN, screen, window:TITLE, folder:PATH or /dev/videoN';

/**
 * The source that people mean by a word: `talk.mp4`, `rtsp://camera/1`, `cam1` (a publisher), `slate`, `card:Back soon`,
 * `test:clock`, `screen::0.0`, `window:Slides`, `/dev/video0`. A file whose name looks like one of the others is meant with its folder: `./cam1`.
 *
 * @param folder where relative paths begin, absolute
 * @throws MiroliveError USAGE, SOURCE_PROTOCOL
 */
export function sourceFromWords(words: string, folder: string): NewEntrySource {
  const [, scheme, rest = ''] = /^([a-z][a-z0-9+.-]*):(.*)$/s.exec(words) ?? [];
  if (words === 'slate') return { kind: 'slate' };
  if (scheme === 'card') return { kind: 'card', title: rest };
  if (words === 'test' || scheme === 'test') return { kind: 'test', pattern: pattern(rest || 'bars') };
  if (words === 'screen') return { kind: 'screen' };
  if (scheme === 'screen') return { kind: 'screen', display: rest };
  if (scheme === 'folder' && rest !== '' && !rest.includes('\0'))
    return { kind: 'folder', path: resolve(folder, rest) };
  if (scheme === 'window') return { kind: 'window', window: rest };
  if (scheme === 'file' && rest.startsWith('//')) return { kind: 'file', path: pathOf(words) };
  if (rest.startsWith('//')) return { kind: 'url', url: playable(words) };
  if (/^\/dev\/video\d+$/.test(words)) return { kind: 'device', video: words };
  if (/^[a-z0-9][a-z0-9-]{0,31}$/.test(words)) return { kind: 'publisher', key: words };
  if (words.trim() === '' || words.includes('\0')) throw notUnderstood(sourceWordForms, words);
  return { kind: 'file', path: resolve(folder, words) };
}

/** Whether a word names the file of a playlist, by its ending. */
export function isPlaylistName(word: string): boolean {
  return /\.(ya?ml|m3u8?|pls|xspf)$/i.test(word) && !/:\/\/|^(?:card|window|folder):/.test(word);
}

function pattern(name: string): (typeof testPatterns)[number] {
  const known = testPatterns.find((candidate) => candidate === name);
  if (known !== undefined) return known;
  const meant = nearest(name, testPatterns);
  throw notUnderstood(
    `one of ${testPatterns.join(', ')} behind test:`,
    name,
    meant === undefined ? '' : `; did you mean test:${meant}?`,
  );
}

function playable(url: string): string {
  const problem = protocolProblem(url);
  if (problem === null) return url;
  throw new MiroliveError('SOURCE_PROTOCOL', problem);
}

function pathOf(url: string): string {
  try {
    return fileURLToPath(url);
  } catch {
    throw notUnderstood('an address of a file on this machine, such as file:///srv/talk.mp4', url);
  }
}

function notUnderstood(expected: string, got: string, more = ''): MiroliveError {
  return new MiroliveError('USAGE', `expected ${expected}, got ${JSON.stringify(got)}${more}`);
}
