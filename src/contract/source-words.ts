import { cardWords, onOneLine } from './card-words.ts';
import { withoutValues } from './header-words.ts';
import type { AnnouncedBroadcast, PlaylistItem, Source } from './models.ts';
import { shownBytes } from './path-bytes.ts';

/** What a source is called where nobody gave a name: `talk.mp4`, `rtsp://camera/1`, `cam1`. Without passwords. */
export function sourceWords(source: Source): string {
  switch (source.kind) {
    case 'file':
      return shownBytes(source.path.slice(source.path.lastIndexOf('/') + 1));
    case 'url':
      return withoutSecrets(source.url);
    case 'publisher':
      return source.key;
    case 'device':
      return source.video ?? source.audio ?? 'device';
    case 'screen':
      return `screen ${source.display}`;
    case 'window':
      return `window ${source.window}`;
    case 'test':
      return `test ${source.pattern}`;
    case 'stdin':
      return 'standard input';
    case 'slate':
      return 'slate';
    case 'card':
      return onOneLine(source.title);
    case 'folder':
      return shownBytes(`${source.path.replace(/\/+$/, '').replace(/^.*\//s, '')}/`);
    case 'playlist':
      return playlistWords(source);
  }
}

/** A list of one folder is called as that is, whatever it holds now. */
function playlistWords({ items }: Pick<Extract<Source, { kind: 'playlist' }>, 'items'>): string {
  const given = items.filter(({ found }) => found === undefined);
  const [first] = given;
  if (given.length === 1 && first?.source.kind === 'folder') return itemWords(first);
  return `playlist of ${given.length}`;
}

/** Kinds whose words say where something is, which is no business of viewers, or how many items there were at first. */
const unnamed: readonly Source['kind'][] = ['url', 'device', 'screen', 'window', 'playlist'];

/** What viewers are told is on air where nobody gave a name. */
export function sourceTitle(source: Source, room: string): string {
  if (source.kind === 'card') return cardTitle(source) ?? room;
  return unnamed.includes(source.kind) ? room : sourceWords(source);
}

/** What an item of a playlist is called. */
export function itemWords({ title, source }: Pick<PlaylistItem, 'title' | 'source'>): string {
  return title ?? sourceWords(source);
}

/** What viewers are told comes next: its title, or the name of its file without what says its format; null: nothing that would mean something to them. */
export function nextWords({ title, source }: Pick<PlaylistItem, 'title' | 'source'>): string | null {
  if (title !== null) return title;
  if (source.kind === 'file') return sourceWords(source).replace(/(?<=.)\.[^.]*$/, '');
  if (source.kind === 'publisher') return source.key;
  return source.kind === 'card' ? cardTitle(source) : null;
}

/** Without what it is filled with; null: that is all. */
function cardTitle(card: Extract<Source, { kind: 'card' }>): string | null {
  return onOneLine(cardWords(card, { next: null, inMs: null }).title) || null;
}

/** A source as it may be shown to everybody: its addresses without their secrets, and of headers the names. */
export function publicSource(source: Source): Source {
  if (source.kind === 'url') return publicAddress(source);
  if (source.kind !== 'playlist') return source;
  const items = source.items.map((item) =>
    item.source.kind === 'url' ? { ...item, source: publicAddress(item.source) } : item,
  );
  const { filler } = source;
  return { ...source, items, ...(filler?.kind === 'url' && { filler: publicAddress(filler) }) };
}

function publicAddress(source: Extract<Source, { kind: 'url' }>): Extract<Source, { kind: 'url' }> {
  const { headers } = source;
  return { ...source, url: withoutSecrets(source.url), ...(headers && { headers: withoutValues(headers) }) };
}

/** A source as an event tells it. */
export function announcedSource(source: Source): AnnouncedBroadcast['source'] {
  if (source.kind !== 'playlist') return source;
  const { items, ...list } = source;
  return { ...list, count: items.length };
}

/**
 * That a file is not there. What was no UTF-8 on a command line has become U+FFFD on its way here, and names another file.
 *
 * @param like what differs in the name of one that is; null: none is like it
 */
export function noFileWords(path: string, like: string | null = null): string {
  return path.includes('\ufffd')
    ? `expected a file whose name is UTF-8, got ${path}; rename it, give a link to it, or name it in a list: ls *.mp4 > list.m3u`
    : `there is no file ${shownBytes(path)}${like === null ? '' : `; there is ${like}`}`;
}

/** The secrets of stream keys and tokens, wherever they stand. */
const ownSecrets = /(ml[kt]_)[a-z2-7]+/g;

/** What a program says, with its addresses without their secrets, and no stream key or token; what ends a clause is no part of one. */
export function withoutSecretsIn(text: string): string {
  const addresses = text.replace(/[a-z][a-z0-9+.-]{0,30}:\/\/[^\s'"]*[^\s'",;:.)]/gi, withoutSecrets);
  return addresses.replace(ownSecrets, '$1…');
}

/** An address without user, password, query and stream key: whatever often is a secret. */
export function withoutSecrets(url: string): string {
  const [, scheme = '', authority = '', path = ''] =
    /^([a-z][a-z0-9+.-]*:\/\/)?([^/?#]*)([^?#]*)/is.exec(url) ?? [];
  const host = authority.slice(authority.lastIndexOf('@') + 1);
  // What stands for a port and is none is the beginning of a password with a slash in it.
  if (scheme !== '' && /:(?!\d*$)[^\]]*$/.test(host)) return `${scheme}…`;
  // Behind the app of RTMP, the last name is the key of whoever publishes or plays.
  const shown = /^rtmps?:/i.test(scheme) ? path.replace(/^(\/+[^/]+\/(?:.*\/)?)[^/]+\/*$/s, '$1…') : path;
  return (scheme + host + shown).replace(ownSecrets, '$1…');
}

/** What a source does not give: `no picture from cam1`. */
export function lackWords(words: string, tracks: readonly ('video' | 'audio')[]): string {
  const names = { video: 'picture', audio: 'sound' } as const;
  return `no ${tracks.map((track) => names[track]).join(' and no ')} from ${words}`;
}
