import { MiroliveError } from './errors.ts';
import type { SourceKind } from './source-kinds.ts';
import { isUrlProtocol } from './url-protocols.ts';

/** What a kind of source has of the machine: `media`: its files; `network`: a way out; `machine`: what only its own people may have; `room`: nothing but what is in its room. */
export type SourceReach = 'media' | 'network' | 'machine' | 'room';

export const sourceReach: Readonly<Record<SourceKind, SourceReach>> = {
  ...{ file: 'media', folder: 'media' },
  url: 'network',
  ...{ device: 'machine', screen: 'machine', window: 'machine', stdin: 'machine' },
  // Of a playlist its items count.
  ...{ publisher: 'room', test: 'room', slate: 'room', card: 'room', playlist: 'room' },
};

/** Protocols whose every connection the source guard opens, which can so be kept to the public internet. */
const guarded: readonly string[] = ['http', 'https', 'rtsp', 'rtsps', 'rtmp', 'rtmps'];

interface Given {
  readonly kind: SourceKind;
  readonly url?: string;
}

/**
 * What somebody gives who is no admin, with each source in it, however deep, kept to what he may have: its files have to lie below
 * `media.roots`, its addresses on the public internet, whenever they are opened.
 *
 * @param hasRoots there are any
 * @throws MiroliveError NOT_ALLOWED where he may not have one at all
 */
export function confined<T>(given: T, hasRoots: boolean): T {
  if (Array.isArray(given)) return given.map((one) => confined(one, hasRoots)) as T;
  if (typeof given !== 'object' || given === null) return given;
  const entries = Object.entries(given).map(([key, value]) => [key, confined(value, hasRoots)] as const);
  const whole = Object.fromEntries(entries) as Readonly<Record<string, unknown>>;
  return (isSource(whole) ? confinedSource(whole, hasRoots) : whole) as T;
}

/** That files may be had at all. @throws MiroliveError NOT_ALLOWED */
export function checkMedia(hasRoots: boolean): void {
  if (!hasRoots)
    throw refused('expected a caller who may administer, since media.roots names no folder, got a file', {
      hint: 'Have the folders that others may play files of named in media.roots: docs/access.md',
      forAdmin: true,
    });
}

function confinedSource(source: Given, hasRoots: boolean): unknown {
  switch (sourceReach[source.kind]) {
    case 'room':
      return source;
    case 'machine':
      throw refused(`expected a caller who may administer, which a source of kind ${source.kind} needs`);
    case 'media':
      checkMedia(hasRoots);
      return source.kind === 'file' ? { ...source, confined: true } : source;
    case 'network': {
      const [, protocol = ''] = /^([a-z][a-z0-9+.-]*):/i.exec(source.url ?? '') ?? [];
      const known = protocol.toLowerCase();
      // What is none at all is refused as such by whoever opens it.
      if (isUrlProtocol(known) && !guarded.includes(known))
        throw refused(`expected a caller who may administer, which an address of ${known} needs`, {
          hint: `Use one of ${guarded.join(', ')}`,
        });
      return { ...source, confined: true };
    }
  }
}

function isSource(whole: Readonly<Record<string, unknown>>): whole is Given & Record<string, unknown> {
  return typeof whole.kind === 'string' && Object.hasOwn(sourceReach, whole.kind);
}

function refused(
  message: string,
  options?: { readonly hint: string; readonly forAdmin?: boolean },
): MiroliveError {
  return new MiroliveError('NOT_ALLOWED', message, options);
}
