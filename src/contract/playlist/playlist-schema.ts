import { resolve } from 'node:path';
import * as z from 'zod';
import { MiroliveError } from '../errors.ts';
import { httpHeaders } from '../http-headers.ts';
import {
  audioMap,
  cardSource,
  maxPlaylistItems,
  type NewEntrySource,
  type NewPlaylistItem,
  playlistEntrySource,
} from '../models.ts';
import { sourceFromWords } from '../source-from-words.ts';
import { mediaTimeMs } from '../units.ts';
import { protocolProblem } from '../url-protocols.ts';
import type { FileProblem } from '../yaml-file.ts';
import { isEndless, partProblems } from './item-part.ts';

/** The key that names a source, and the source that its value means. */
const sourceKeys: Readonly<Record<string, (value: string, folder: string) => NewEntrySource>> = {
  source: sourceFromWords,
  file: (path, folder) => ({ kind: 'file', path: resolve(folder, path) }),
  url: urlSource,
  publisher: (key) => ({ kind: 'publisher', key }),
  folder: (path, folder) => ({ kind: 'folder', path: resolve(folder, path) }),
};
const sourceKeyNames = [...Object.keys(sourceKeys), 'card'];

const sourceInWords = z.union([z.string().min(1), playlistEntrySource], {
  error: ({ input }) =>
    typeof input === 'object' && input !== null ? 'expected a source as the control API takes it' : undefined,
});

/** What names a source, and says how it is played, where people write it into a file. */
export const namedSourceShape = {
  /** In a word, as in `mirolive take`: talk.mp4, https://…, cam1, slate, test:clock …; or, where no word says it, as the control API takes it. */
  source: sourceInWords.optional(),
  /** A file, whatever its name looks like. */
  file: z.string().min(1).optional(),
  url: z.string().min(1).optional(),
  /** Whoever publishes with this stream key. */
  publisher: z.string().min(1).optional(),
  /** Words to be shown. */
  card: cardSource.omit({ kind: true }).optional(),
  /** The media files in a folder, for as long as they are there. */
  folder: z.string().min(1).optional(),
  audioTrack: z.int().min(0).max(99).optional(),
  /** What becomes left and right, instead of a track. */
  audioMap: audioMap.optional(),
  /** Which variant of a list of HLS, 0 the first. */
  variant: z.int().min(0).max(99).optional(),
  /** What the server of an address of HTTP is sent besides. */
  headers: httpHeaders.optional(),
};
type NamedSource = z.output<z.ZodObject<typeof namedSourceShape>>;

const itemShape = z.strictObject({
  ...namedSourceShape,
  title: z.string().min(1).max(200).optional(),
  /** Where in the source it begins. */
  from: mediaTimeMs.optional(),
  /** Where in the source it ends. */
  to: mediaTimeMs.optional(),
  /** How long it plays at most. */
  for: mediaTimeMs.optional(),
});

/** Tells what is wrong with a key. */
type Fail = (key: string, message: string) => void;

/** The source that is named there; null: it could not be read, and that was told. */
export function namedSource(raw: NamedSource, folder: string, fail: Fail): NewEntrySource | null {
  const given = sourceKeyNames.filter((key) => raw[key as keyof NamedSource] !== undefined);
  const [key, another] = given;
  if (key === undefined || another !== undefined) {
    fail(another ?? 'source', `expected one of ${sourceKeyNames.join(', ')} for each item`);
    return null;
  }
  const { audioTrack, audioMap: map, variant, headers, card } = raw;
  const manner = {
    ...(audioTrack !== undefined && { audioTrack }),
    ...(map !== undefined && { audioMap: map }),
    ...(variant !== undefined && { variant }),
    ...(headers !== undefined && { headers }),
  };
  const whole = typeof raw.source === 'object' ? raw.source : null;
  const named = () => whole ?? sourceKeys[key]?.(String(raw[key as keyof NamedSource] ?? ''), folder) ?? null;
  return readSource(key, card ? () => ({ kind: 'card', ...card }) : named, manner, fail);
}

/** A playlist in YAML. @param folder where relative paths begin, absolute */
export function playlistSchema(folder: string) {
  const item = itemShape.transform((raw, context): NewPlaylistItem => {
    const fail = (key: string, message: string) =>
      context.issues.push({ code: 'custom', message, path: [key], input: raw });
    const { title = null, from: fromMs = 0, to: toMs = null, for: forMs = null } = raw;
    const source = namedSource(raw, folder, fail);
    if (source === null) return z.NEVER;
    for (const { key, message } of partProblems(source.kind, { fromMs, toMs, forMs })) fail(key, message);
    return { source, title, fromMs, toMs, forMs };
  });
  const filler = sourceInWords.transform((word, context): NewEntrySource => {
    if (typeof word === 'object') return word;
    const fail = (_: string, message: string) =>
      context.issues.push({ code: 'custom', message, path: [], input: word });
    return readSource('source', () => sourceFromWords(word, folder), {}, fail) ?? z.NEVER;
  });
  return z.strictObject({
    items: z.array(item).min(1).max(maxPlaylistItems),
    loop: z.boolean().default(false),
    shuffle: z.boolean().default(false),
    /** What is on air while none of the items can be; a word as `source` is. */
    filler: filler.optional(),
  });
}

/** Items that would never be over, and so keep others from being played: told beside all other mistakes of the file. */
export function endlessItems(value: unknown): FileProblem[] {
  const { items, loop, shuffle } = (value ?? {}) as { items?: unknown; loop?: unknown; shuffle?: unknown };
  if (!Array.isArray(items)) return [];
  return items.flatMap((item: unknown, index) => {
    const last = index === items.length - 1 && loop !== true && shuffle !== true;
    const kind = last ? null : kindOf(item);
    if (kind === null || !isEndless(kind, null)) return [];
    const message = `expected how long it plays, such as for: 5m, since ${kind} has no end`;
    return [{ path: ['items', index, 'for'], message }];
  });
}

/** The kind of an item's source, where it says no time; null: it does, or cannot be read. */
function kindOf(item: unknown): NewEntrySource['kind'] | null {
  const { source, for: time } = (item ?? {}) as { source?: unknown; for?: unknown };
  if (typeof source !== 'string' || time !== undefined) return null;
  try {
    return sourceFromWords(source, '/').kind;
  } catch {
    return null;
  }
}

/** An item that is only a word stands for one with that source. */
export function withShortItems(value: unknown): unknown {
  if (typeof value !== 'object' || value === null || !('items' in value) || !Array.isArray(value.items))
    return value;
  return { ...value, items: value.items.map((item) => (typeof item === 'string' ? { source: item } : item)) };
}

/** null: it could not be read, and that was told. */
function readSource(
  key: string,
  named: () => NewEntrySource | null,
  manner: Pick<Extract<NewEntrySource, { kind: 'url' }>, 'audioTrack' | 'audioMap' | 'variant' | 'headers'>,
  fail: Fail,
): NewEntrySource | null {
  try {
    const source = named();
    const whole = source && { ...source, ...manner };
    const { error } = playlistEntrySource.safeParse(whole);
    const [issue] = error?.issues ?? [];
    if (issue?.code === 'unrecognized_keys' && issue.keys.includes('audioTrack'))
      fail('audioTrack', 'expected a file or an address to choose a track of');
    else if (issue?.code === 'unrecognized_keys' && issue.keys.includes('audioMap'))
      fail('audioMap', 'expected a file or an address whose sound is mapped');
    else if (issue?.code === 'unrecognized_keys' && issue.keys.includes('variant'))
      fail('variant', 'expected an address to choose a variant of');
    else if (issue?.code === 'unrecognized_keys') fail('headers', 'expected an address to send headers to');
    else if (issue) fail(key, issue.message);
    return whole;
  } catch (error) {
    // What it says names what it got, which the file's error adds by itself.
    fail(key, (error as Error).message.replace(/, got (?:"(?:[^"\\]|\\.)*"|an? .*|\S+:\/\/)/, ''));
    return null;
  }
}

function urlSource(url: string): NewEntrySource {
  const problem = protocolProblem(url);
  if (problem !== null) throw new MiroliveError('SOURCE_PROTOCOL', problem);
  return { kind: 'url', url };
}
