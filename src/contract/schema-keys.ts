import * as z from 'zod';

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

/** Where a known key stands, such as http.publicUrl for publicUrl, rooms.NAME.alwaysOn for alwaysOn; undefined: nowhere. */
export function placeOf(schema: z.core.$ZodType, key: string): string | undefined {
  const inner = unwrapped(schema);
  if (inner instanceof z.ZodRecord) return below('NAME', placeOf(inner.valueType, key));
  if (!(inner instanceof z.ZodObject)) return undefined;
  if (Object.hasOwn(inner.shape, key)) return key;
  for (const [name, child] of Object.entries<z.core.$ZodType>(inner.shape)) {
    const place = below(name, placeOf(child, key));
    if (place !== undefined) return place;
  }
  return undefined;
}

/** The value that a key has where none is given, as it would be given. */
export function defaultOf(schema: z.core.$ZodType | undefined): unknown {
  return schema instanceof z.ZodPrefault || schema instanceof z.ZodDefault
    ? schema.def.defaultValue
    : undefined;
}

/** The words that a value may be; empty: any. */
export function choicesOf(schema: z.core.$ZodType): string[] {
  const inner = unwrapped(schema);
  if (inner instanceof z.ZodEnum) return inner.options.map(String);
  if (inner instanceof z.ZodLiteral) return [...inner.values].map(String);
  if (inner instanceof z.ZodUnion) return inner.options.flatMap(choicesOf);
  return inner instanceof z.ZodBoolean ? ['true', 'false'] : [];
}

/** Whether a key with nothing but comments under it stands for one with the defaults. */
export function isSection(schema: z.core.$ZodType): boolean {
  const takesNull = z.safeParse(schema, null).success;
  const inner = unwrapped(schema);
  return !takesNull && (inner instanceof z.ZodObject || inner instanceof z.ZodRecord);
}

function below(name: string, place: string | undefined): string | undefined {
  return place === undefined ? undefined : `${name}.${place}`;
}

/** The schema of what stands at a key of a map or a list. */
export function childOf(schema: z.core.$ZodType, key: string | number): z.core.$ZodType | undefined {
  const inner = unwrapped(schema);
  if (inner instanceof z.ZodObject) return Object.hasOwn(inner.shape, key) ? inner.shape[key] : undefined;
  if (inner instanceof z.ZodRecord) return inner.valueType;
  return inner instanceof z.ZodArray ? inner.element : undefined;
}

/** Without what does not change its keys: defaults, null, transformations. */
function unwrapped(schema: z.core.$ZodType): z.core.$ZodType {
  // Before a schema stands what prepares its input, behind it what is made of its output.
  if (schema instanceof z.ZodPipe)
    return unwrapped(schema.in instanceof z.ZodTransform ? schema.out : schema.in);
  const wrapped =
    schema instanceof z.ZodPrefault ||
    schema instanceof z.ZodDefault ||
    schema instanceof z.ZodNullable ||
    schema instanceof z.ZodOptional;
  return wrapped ? unwrapped(schema.unwrap()) : schema;
}
