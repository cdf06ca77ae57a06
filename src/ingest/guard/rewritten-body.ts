import { marked, type Slice } from '../child/work-mark.ts';
import { unreachable } from './network.ts';
import { type ListKind, listKindOf, trimmedList } from './station-list.ts';

/** A playlist is kept as a whole until it was read, in bytes; one of ten hours has less than 4 MB. */
const maxPlaylistBytes = 8 * 1024 * 1024;

/** What becomes of a list: another text, or what it leads to. */
export type ReadList = { readonly text: string } | { readonly leadsTo: string };

/** What is given: media as it comes, of which this is the first, a list as it is read. */
export type BodyStart =
  | { readonly is: 'media'; readonly head: Buffer }
  | ({ readonly is: 'list' } & ReadList);

/**
 * A body, unless it is a list: then what `read` makes of the whole of it. `start` is called before the first byte.
 */
export async function* rewritten(
  body: AsyncIterable<Buffer>,
  slice: Slice,
  read: (list: string, kind: ListKind) => ReadList | Promise<ReadList>,
  start: (of: BodyStart) => void,
): AsyncGenerator<Buffer> {
  const kept: Buffer[] = [];
  let keptBytes = 0;
  let kind: ListKind | null | undefined;
  for await (const chunk of body) {
    if (kind === null) {
      yield chunk;
      continue;
    }
    slice(() => kept.push(chunk));
    keptBytes += chunk.length;
    if (keptBytes > maxPlaylistBytes) {
      throw unreachable(`a playlist of more than ${maxPlaylistBytes} bytes is not taken`);
    }
    if (kind) continue;
    const head = Buffer.concat(kept.splice(0));
    kind = listKindOf(head);
    if (kind === null) {
      start({ is: 'media', head });
      yield head;
    } else {
      kept.push(head);
    }
  }
  if (kind === null) return;
  const whole = Buffer.concat(kept);
  if (!kind) {
    start({ is: 'media', head: whole });
    yield whole;
    return;
  }
  const known = kind;
  const list = await marked(slice, () => read(trimmedList(whole.toString('utf8')), known));
  start({ is: 'list', ...list });
  if ('text' in list) yield Buffer.from(list.text);
}
