import { parse } from 'yaml';
import * as z from 'zod';
import { roomKeySchema } from './room-settings.ts';
import { choicesOf } from './schema-keys.ts';

/** What somebody means who types the value of a room's key: as it would be read from the configuration, where it fits so; else the text as it is. */
export function settingFromText(key: string, text: string): unknown {
  const read = readYaml(text);
  const schema = roomKeySchema(key);
  const fits = (value: unknown) => schema !== undefined && z.safeParse(schema, value).success;
  return [read, text].find(fits) ?? read;
}

/** The words that a room's key may have; empty: any. */
export function settingChoices(key: string): string[] {
  const schema = roomKeySchema(key);
  return schema === undefined ? [] : choicesOf(schema);
}

function readYaml(text: string): unknown {
  try {
    return parse(text);
  } catch {
    return text;
  }
}
