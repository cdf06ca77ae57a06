import { readFile } from 'node:fs/promises';

/** The keys that say where a daemon's things are; null: not set. */
export interface Places {
  /** `control.socket` */
  readonly socket: string | null;
  /** `state.dir` */
  readonly stateDir: string | null;
  /** Names below `rooms`. */
  readonly rooms: readonly string[];
}

/** `control:` in the left margin, then indented lines or braces, and there a socket without quotes or anything else of YAML's. */
const plainSockets = [
  /^control:[ \t]*\n(?:[ \t]*(?:#.*)?\n|[ \t]+(?!socket:).*\n)*[ \t]+socket:[ \t]+(\/[\w./-]*)[ \t]*$/m,
  /^control:[ \t]+\{[ \t]*socket:[ \t]+(\/[\w./-]*)[ \t]*\}[ \t]*$/m,
];

/**
 * `control.socket` of a configuration file, whatever else is wrong with it. YAML is loaded only where the socket is not written
 * plainly: that takes longer than all the rest of most commands.
 *
 * @throws Error if the file cannot be read, or is not YAML
 */
export async function readSocket(file: string): Promise<string | null> {
  const text = await readFile(file, 'utf8');
  if (!/\bsocket\b/.test(text.replace(/^\s*#.*$/gm, ''))) return null;
  const [plain] = plainSockets.flatMap((pattern) => pattern.exec(text)?.[1] ?? []);
  return plain ?? (await parsePlaces(text)).socket;
}

/** The same for all places. */
export async function readPlaces(file: string): Promise<Places> {
  return parsePlaces(await readFile(file, 'utf8'));
}

async function parsePlaces(text: string): Promise<Places> {
  const { parse } = await import('./yaml-parse.ts');
  const value = parse(text, { logLevel: 'error' });
  return {
    socket: textOr(value?.control?.socket),
    stateDir: textOr(value?.state?.dir),
    rooms: Object.keys(value?.rooms ?? {}),
  };
}

function textOr(value: unknown): string | null {
  return typeof value === 'string' && value !== '' ? value : null;
}
