import { type Config, config } from '../contract/config.ts';
import { type ConfigFile, parseConfigFile } from '../contract/config-file.ts';
import { MiroliveError } from '../contract/errors.ts';
import { quoted } from '../contract/quoted.ts';
import { readText } from './read-text.ts';

/** Reads and checks a configuration file; null gives the built-in defaults. */
export async function loadConfig(path: string | null): Promise<Config> {
  return (await loadConfigFile(path)).config;
}

/** The same with what it says itself. */
export async function loadConfigFile(path: string | null): Promise<ConfigFile> {
  if (path === null) return { config: config.parse({}), rooms: {} };
  let text: string;
  try {
    text = await readText(path, 'INVALID_CONFIG');
  } catch (cause) {
    if (cause instanceof MiroliveError) throw cause;
    throw new MiroliveError('INVALID_CONFIG', `cannot read the configuration: ${(cause as Error).message}`, {
      cause,
      hint: `Check that the file is there and may be read: ls -l ${quoted(path)}`,
    });
  }
  return parseConfigFile(text, path);
}
