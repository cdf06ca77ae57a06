import type { z } from 'zod';
import { MiroliveError } from '../../contract/errors.ts';

/** Longer than all that a process of ours has to say, in characters: addresses, paths and messages have 4,096. */
export const maxText = 64 * 1024;

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

/** What a process has told, where it is what it should be. @throws MiroliveError INTERNAL */
export function sense<T>(schema: z.ZodType<T>, told: unknown): T {
  const { data, error } = schema.safeParse(told);
  if (error) throw nonsense(error);
  return data;
}

/** Says where that is which makes no sense, and nothing of what it is: a stranger may have made it. */
export function nonsense({ issues: [issue] }: z.ZodError): MiroliveError {
  const where = issue?.path.join('.').slice(0, maxWhere);
  return new MiroliveError(
    'INTERNAL',
    `it told what makes no sense: ${issue?.code} at ${where || 'its top'}`,
  );
}
