import { isDeepStrictEqual } from 'node:util';
import type { ChangedField } from '../../contract/event/change.ts';
import type { PlaylistItem } from '../../contract/models.ts';
import { itemWords, withoutSecretsIn } from '../../contract/source-words.ts';

/** A longer value is cut: it is there to be recognised. */
const maxWords = 200;
/** More changed items of one list are told as one. */
const maxItems = 20;

type Path = readonly string[];

/** Which values differ, key by key. Pure. @param before, after undefined: there is none */
export function changedFields(before: unknown, after: unknown, path: Path = []): ChangedField[] {
  if (isDeepStrictEqual(before ?? null, after ?? null)) return [];
  const [one, other] = [before ?? (isMap(after) ? {} : undefined), after ?? (isMap(before) ? {} : undefined)];
  if (path.at(-1) === 'items' && [one, other].every((list) => list === undefined || isItems(list)))
    return changedItems((one ?? []) as Item[], (other ?? []) as Item[], path);
  if (!isMap(one) || !isMap(other) || path.at(-1) === 'headers')
    return [{ path: path.join('.'), before: words(before, path), after: words(after, path) }];
  const keys = [...new Set([...Object.keys(one), ...Object.keys(other)])];
  return keys.flatMap((key) => changedFields(one[key], other[key], [...path, key]));
}

type Item = Pick<PlaylistItem, 'title' | 'source'>;

/** An item that is at another place is told as gone from the one and come to the other. */
function changedItems(before: readonly Item[], after: readonly Item[], path: Path): ChangedField[] {
  const places = Array.from({ length: Math.max(before.length, after.length) }, (_, place) => place);
  const changed = places.filter((place) => !isDeepStrictEqual(before[place], after[place]));
  if (changed.length > maxItems)
    return [{ path: path.join('.'), before: `${before.length} items`, after: `${after.length} items` }];
  return changed.map((place) => {
    const [one, other] = [before[place], after[place]];
    const [was, is] = [one ? itemWords(one) : null, other ? itemWords(other) : null];
    const alike = was === is;
    return {
      path: [...path, String(place + 1)].join('.'),
      before: alike ? words(one, path) : was,
      after: alike ? words(other, path) : is,
    };
  });
}

/** A value as it may be shown to everybody. */
function words(value: unknown, path: Path): string | null {
  if (value === undefined || value === null) return null;
  if (path.at(-1) === 'headers' && isMap(value)) return Object.keys(value).join(', ');
  const text = withoutSecretsIn(
    typeof value === 'string'
      ? value
      : JSON.stringify(value, (key, inner) =>
          key === 'headers' && isMap(inner) ? Object.keys(inner) : inner,
        ),
  );
  return text.length > maxWords ? `${text.slice(0, maxWords)}…` : text;
}

function isMap(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isItems(value: unknown): value is readonly Item[] {
  return Array.isArray(value) && value.every((item) => isMap(item) && isMap(item.source));
}
