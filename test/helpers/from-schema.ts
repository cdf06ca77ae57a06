import fc from 'fast-check';

/** A part of a JSON Schema, as an OpenAPI 3.1 document has them. */
export interface Schema {
  readonly $ref?: string;
  readonly const?: unknown;
  readonly enum?: readonly unknown[];
  readonly oneOf?: readonly Schema[];
  readonly anyOf?: readonly Schema[];
  readonly type?: string;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly items?: Schema;
  readonly minItems?: number;
  readonly additionalProperties?: Schema | boolean;
  readonly pattern?: string;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly minimum?: number;
  readonly maximum?: number;
}

/** How deep schemas are followed that contain themselves. */
const maxDepth = 4;

/** What no schema means: other types, much of it, and what has been somebody's way in before. */
const hostile = fc.oneof(
  fc.jsonValue({ maxDepth: 2 }),
  fc.constantFrom<unknown>(
    ...[
      '',
      ' ',
      '\0',
      '../../../etc/passwd',
      '/proc/self/environ',
      'http://127.0.0.1:1/',
      '__proto__',
      'constructor',
    ],
    ...['%00', '%', '🎬'.repeat(50), 'a'.repeat(5000), '\u202e', "'; DROP TABLE audit; --"],
    ...[-1, 0, 1e308, 2 ** 53, 0.1, true, null, [], {}, [[]], { __proto__: null, toString: 1 }],
  ),
);

/** Makes values that a schema means, now and then with something hostile in the place of a part. */
export function fromSchema(
  schema: Schema,
  schemas: Readonly<Record<string, Schema>>,
  depth = 0,
): fc.Arbitrary<unknown> {
  return fc.oneof(
    { weight: 12, arbitrary: meant(schema, schemas, depth) },
    { weight: 1, arbitrary: hostile },
  );
}

function meant(
  schema: Schema,
  schemas: Readonly<Record<string, Schema>>,
  depth: number,
): fc.Arbitrary<unknown> {
  const deeper = (part: Schema) => fromSchema(part, schemas, depth + 1);
  if (depth > maxDepth) return hostile;
  if (schema.$ref) return meant(schemas[schema.$ref.split('/').at(-1) ?? ''] ?? {}, schemas, depth);
  if ('const' in schema) return fc.constant(schema.const);
  if (schema.enum) return fc.constantFrom(...schema.enum);
  const choices = schema.oneOf ?? schema.anyOf;
  if (choices) return fc.oneof(...choices.map((choice) => meant(choice, schemas, depth)));
  switch (schema.type) {
    case 'object': {
      const { properties = {}, required = [], additionalProperties: others } = schema;
      const known = fc.record(
        Object.fromEntries(Object.entries(properties).map(([name, part]) => [name, deeper(part)])),
        { requiredKeys: required.filter((name) => Object.hasOwn(properties, name)) },
      );
      const more = fc.dictionary(
        fc.string({ maxLength: 12 }),
        typeof others === 'object' ? deeper(others) : hostile,
        {
          maxKeys: others === false ? 0 : 2,
        },
      );
      return fc.tuple(more, known).map(([some, all]) => ({ ...some, ...all }));
    }
    case 'array':
      return fc.array(deeper(schema.items ?? {}), { minLength: schema.minItems ?? 0, maxLength: 3 });
    case 'integer':
      return fc.integer({ min: bounded(schema.minimum, -1000), max: bounded(schema.maximum, 1_000_000) });
    case 'number':
      return fc.double({ min: schema.minimum ?? -1000, max: schema.maximum ?? 1e6, noNaN: true });
    case 'boolean':
      return fc.boolean();
    case 'null':
      return fc.constant(null);
    case 'string':
      if (schema.pattern) return fc.stringMatching(new RegExp(schema.pattern));
      return fc.string({ minLength: schema.minLength ?? 0, maxLength: Math.min(schema.maxLength ?? 40, 40) });
    default:
      return hostile;
  }
}

function bounded(given: number | undefined, otherwise: number): number {
  return given === undefined ? otherwise : Math.max(-(2 ** 31), Math.min(given, 2 ** 31 - 1));
}
