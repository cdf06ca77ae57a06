import type { z } from 'zod';
import { type Config, config } from './config.ts';
import type { RoomWords } from './room-config.ts';
import { childOf, isSection } from './schema-keys.ts';
import { parseYaml } from './yaml-file.ts';

/** A configuration file that is valid. */
export interface ConfigFile {
  readonly config: Config;
  /** What it says of rooms, as it says it. */
  readonly rooms: Readonly<Record<string, RoomWords>>;
}

/** Checks the text of a configuration file. The error names `file:line:column` of each problem, one per line. */
export function parseConfigFile(text: string, file: string): ConfigFile {
  let rooms: ConfigFile['rooms'] = {};
  const prepare = (value: unknown) => {
    const whole = withoutEmptySections(value);
    rooms = (whole as { rooms?: ConfigFile['rooms'] } | undefined)?.rooms ?? {};
    return whole;
  };
  return { config: parseYaml(text, file, { schema: config, code: 'INVALID_CONFIG', prepare }), rooms };
}

/** The same where what it says is enough. */
export function parseConfig(text: string, file: string): Config {
  return parseConfigFile(text, file).config;
}

/** A file, or a section, with nothing but comments in it is as good as none. */
export function withoutEmptySections(value: unknown, schema: z.core.$ZodType = config): unknown {
  if (value === null && isSection(schema)) return {};
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) => {
      const child = childOf(schema, key);
      return [key, child === undefined ? inner : withoutEmptySections(inner, child)];
    }),
  );
}
