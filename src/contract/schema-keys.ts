import { z } from 'zod';

/** The keys that a map may have at a place of a schema; empty where it is no map, or takes any key. */
export function keysAt(schema: z.core.$ZodType, path: readonly (string | number)[]): string[] {
  const [key, ...rest] = path;
  const inner = unwrapped(schema);
  if (inner instanceof z.ZodUnion) {
    return [...new Set(inner.options.flatMap((option) => keysAt(option, path)))];
  }
  if (key === undefined) return inner instanceof z.ZodObject ? Object.keys(inner.shape) : [];
  const below = childOf(inner, key);
  return below === undefined ? [] : keysAt(below, rest);
}

/** The key that leads to a known one, such as http.publicUrl for publicUrl; undefined where there is none. */
export function placeOf(schema: z.core.$ZodType, key: string): string | undefined {
  const section = keysAt(schema, []).find((name) => keysAt(schema, [name]).includes(key));
  return section === undefined ? undefined : `${section}.${key}`;
}

function childOf(schema: z.core.$ZodType, key: string | number): z.core.$ZodType | undefined {
  if (schema instanceof z.ZodObject) return schema.shape[key];
  if (schema instanceof z.ZodRecord) return schema.valueType;
  return schema instanceof z.ZodArray ? schema.element : undefined;
}

/** Without what does not change its keys: defaults, null, transformations. */
function unwrapped(schema: z.core.$ZodType): z.core.$ZodType {
  if (schema instanceof z.ZodPipe) return unwrapped(schema.in);
  const wrapped =
    schema instanceof z.ZodPrefault ||
    schema instanceof z.ZodDefault ||
    schema instanceof z.ZodNullable ||
    schema instanceof z.ZodOptional;
  return wrapped ? unwrapped(schema.unwrap()) : schema;
}
