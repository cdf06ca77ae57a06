import { resolve } from 'node:path';
import { z } from 'zod';
import { mediaTimeMs } from './media-time.ts';
import {
  maxPlaylistItems,
  type NewEntrySource,
  type NewPlaylistItem,
  playlistEntrySource,
} from './models.ts';
import { sourceFromWords } from './source-from-words.ts';

/** What comes without an end of its own: it plays for a time, or for ever. */
const endless: readonly NewEntrySource['kind'][] = ['test', 'slate', 'screen', 'window', 'device'];

/** The key that names a source, and the source that its value means. */
const sourceKeys: Readonly<Record<string, (value: string, folder: string) => NewEntrySource>> = {
  source: sourceFromWords,
  file: (path, folder) => ({ kind: 'file', path: resolve(folder, path) }),
  url: (url) => ({ kind: 'url', url }),
  publisher: (key) => ({ kind: 'publisher', key }),
};
const sourceKeyNames = Object.keys(sourceKeys);

const itemShape = z.strictObject({
  /** In a word, as in `mirolive take`: talk.mp4, https://…, cam1, slate, test:clock … */
  source: z.string().min(1).optional(),
  /** A file, whatever its name looks like. */
  file: z.string().min(1).optional(),
  url: z.string().min(1).optional(),
  /** Whoever publishes with this stream key. */
  publisher: z.string().min(1).optional(),
  title: z.string().min(1).max(200).optional(),
  /** Where in the source it begins. */
  from: mediaTimeMs.optional(),
  /** Where in the source it ends. */
  to: mediaTimeMs.optional(),
  /** How long it plays at most. */
  for: mediaTimeMs.optional(),
  audioTrack: z.int().min(0).max(99).optional(),
});

/** A playlist in YAML. @param folder where relative paths begin, absolute */
export function playlistSchema(folder: string) {
  const item = itemShape.transform((raw, context): NewPlaylistItem => {
    const fail = (key: string, message: string) =>
      context.issues.push({ code: 'custom', message, path: [key], input: raw });
    const given = sourceKeyNames.filter((key) => raw[key as keyof typeof raw] !== undefined);
    const [key, another] = given;
    if (key === undefined || another !== undefined) {
      fail(another ?? 'source', `expected one of ${sourceKeyNames.join(', ')} for each item`);
      return z.NEVER;
    }
    const { title = null, from: fromMs = 0, to: toMs = null, for: forMs = null, audioTrack = null } = raw;
    if (toMs !== null && toMs <= fromMs) fail('to', 'expected a place behind from');
    if (forMs === 0) fail('for', 'expected more than 0s');
    const source = readSource(key, String(raw[key as keyof typeof raw] ?? ''), folder, audioTrack, fail);
    return { source, title, fromMs, toMs, forMs };
  });
  return z
    .strictObject({
      items: z.array(item).min(1).max(maxPlaylistItems),
      loop: z.boolean().default(false),
      shuffle: z.boolean().default(false),
    })
    .transform((list, context) => {
      for (const [index, { source, forMs }] of list.items.entries()) {
        const last = index === list.items.length - 1 && !list.loop && !list.shuffle;
        if (last || forMs !== null || !endless.includes(source.kind)) continue;
        const message = `expected how long it plays, such as for: 5m, since ${source.kind} has no end`;
        context.issues.push({ code: 'custom', message, path: ['items', index, 'for'], input: list });
      }
      return list;
    });
}

/** An item that is only a word stands for one with that source. */
export function withShortItems(value: unknown): unknown {
  if (typeof value !== 'object' || value === null || !('items' in value) || !Array.isArray(value.items))
    return value;
  return { ...value, items: value.items.map((item) => (typeof item === 'string' ? { source: item } : item)) };
}

function readSource(
  key: string,
  value: string,
  folder: string,
  audioTrack: number | null,
  fail: (key: string, message: string) => void,
): NewEntrySource {
  try {
    const source = sourceKeys[key]?.(value, folder) ?? { kind: 'slate' };
    const withTrack = audioTrack === null ? source : { ...source, audioTrack };
    const { error } = playlistEntrySource.safeParse(withTrack);
    const [issue] = error?.issues ?? [];
    if (issue?.code === 'unrecognized_keys')
      fail('audioTrack', `expected a file or an address to choose a track of`);
    else if (issue) fail(key, issue.message);
    return withTrack;
  } catch (error) {
    // What sourceFromWords says names what it got, which the file's error adds by itself.
    fail(key, (error as Error).message.replace(/, got "(?:[^"\\]|\\.)*"/, ''));
    return { kind: 'slate' };
  }
}
