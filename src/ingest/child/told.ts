import type { z } from 'zod';
import { MiroliveError } from '../../contract/errors.ts';

/** Longer than all that a process of ours has to say, in characters: addresses, paths and messages have 4,096. */
export const maxText = 64 * 1024;

/**
 * Of one message. A playlist has 10,000 items; where each is skipped, for reasons of 500 characters, that are 40,000 values and 5
 * million characters.
 */
const [maxValues, maxCharacters, maxDepth] = [500_000, 32 * 1024 ** 2, 32];
/** Of a place in what is told, in characters. */
const maxWhere = 200;

/**
 * What a process passes on of what strangers sent, with texts that are too long cut, so that nobody can make it say what it is
 * ended for.
 */
export function cutTexts(said: unknown): unknown {
  if (typeof said === 'string') return said.slice(0, maxText);
  if (Array.isArray(said)) return said.map(cutTexts);
  if (typeof said !== 'object' || said === null || ArrayBuffer.isView(said)) return said;
  return Object.fromEntries(
    Object.entries(said).map(([name, value]) => [name.slice(0, maxText), cutTexts(value)]),
  );
}

/** Why a message is not even looked into; null: it is plain data, and no more than a process of ours has to say. */
export function refusalOf(message: unknown): string | null {
  const left = [{ value: message, depth: 0 }];
  let [values, characters] = [0, 0];
  for (let next = left.pop(); next; next = left.pop()) {
    const { value, depth } = next;
    if (typeof value === 'string') {
      if (value.length > maxText) return 'a text in it is too long';
      characters += value.length;
    } else if (ArrayBuffer.isView(value)) characters += value.byteLength;
    else if (typeof value === 'object' && value !== null) {
      if (!isPlain(value)) return 'something in it is no plain data';
      if (depth === maxDepth) return 'it is too deep';
      // What nothing stands in counts as well: whoever reads a list goes through all of it.
      values += Array.isArray(value) ? value.length : 0;
      if (values > maxValues) return 'it is too long';
      for (const [name, inner] of Object.entries(value))
        left.push({ value: name, depth }, { value: inner, depth: depth + 1 });
    }
    if (++values > maxValues || characters > maxCharacters) return 'it is too long';
  }
  return null;
}

function isPlain(value: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(value);
  return Array.isArray(value) || prototype === Object.prototype || prototype === null;
}

/** A process of ours told what none tells: what it reads has made it. */
export class Nonsense extends MiroliveError {
  constructor(what: string) {
    super('INTERNAL', `it told what makes no sense: ${what}`);
  }
}

/** What a process has told, where it is what it should be. @throws Nonsense */
export function sense<T>(schema: z.ZodType<T>, told: unknown): T {
  const { data, error } = schema.safeParse(told);
  if (error) throw nonsense(error);
  return data;
}

/** Says where that is which makes no sense, and nothing of what it is: a stranger may have made it. */
export function nonsense({ issues: [issue] }: z.ZodError): Nonsense {
  const where = issue?.path.join('.').slice(0, maxWhere);
  return new Nonsense(`${issue?.code} at ${where || 'its top'}`);
}
