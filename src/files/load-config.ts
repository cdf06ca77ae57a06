import { readFile } from 'node:fs/promises';
import { type Config, config } from '../contract/config.ts';
import { parseConfig } from '../contract/config-file.ts';
import { MiroliveError } from '../contract/errors.ts';
import { quoted } from '../contract/quoted.ts';

/** Reads and checks a configuration file; null gives the built-in defaults. */
export async function loadConfig(path: string | null): Promise<Config> {
  if (path === null) return config.parse({});
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (cause) {
    throw new MiroliveError('INVALID_CONFIG', `cannot read the configuration: ${(cause as Error).message}`, {
      cause,
      hint: `Check that the file is there and may be read: ls -l ${quoted(path)}`,
    });
  }
  return parseConfig(text, path);
}
