import type { z } from 'zod';
import { type Config, config } from './config.ts';
import { childOf, isSection } from './schema-keys.ts';
import { parseYaml } from './yaml-file.ts';

/** Checks the text of a configuration file. The error names `file:line:column` of each problem, one per line. */
export function parseConfig(text: string, file: string): Config {
  return parseYaml(text, file, {
    schema: config,
    code: 'INVALID_CONFIG',
    prepare: (value) => withoutEmptySections(value),
  });
}

/** A file, or a section, with nothing but comments in it is as good as none. */
function withoutEmptySections(value: unknown, schema: z.core.$ZodType = config): unknown {
  if (value === null && isSection(schema)) return {};
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) => {
      const child = childOf(schema, key);
      return [key, child === undefined ? inner : withoutEmptySections(inner, child)];
    }),
  );
}
