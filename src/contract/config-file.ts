import { readFile } from 'node:fs/promises';
import { type Config, config } from './config.ts';
import { MiroliveError } from './errors.ts';
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
  return parseYaml(text, file, { schema: config, code: 'INVALID_CONFIG', prepare: withoutEmptySections });
}

/** A file, or a section, with nothing but comments in it is as good as none. */
function withoutEmptySections(value: unknown): unknown {
  if (value === null) return {};
  if (typeof value !== 'object' || Array.isArray(value)) return value;
  return Object.fromEntries(
    Object.entries(value).filter(([key, section]) => section !== null || !(key in config.shape)),
  );
}
