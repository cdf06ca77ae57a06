import { readFile } from 'node:fs/promises';
import type { z } from 'zod';
import { type Config, config } from './config.ts';
import { MiroliveError } from './errors.ts';
import { childOf, isSection } from './schema-keys.ts';
import { parseYaml } from './yaml-file.ts';

/** Reads and checks a configuration file; null gives the built-in defaults. */
export async function loadConfig(path: string | null): Promise<Config> {
  if (path === null) return config.parse({});
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (cause) {
    throw new MiroliveError('INVALID_CONFIG', `cannot read the configuration: ${(cause as Error).message}`, {
      cause,
      hint: `Check that the file is there and may be read: ls -l ${path}`,
    });
  }
  return parseConfig(text, path);
}

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
