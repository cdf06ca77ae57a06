import * as z from 'zod';
import { type ErrorCode, errorTable } from '../../contract/errors.ts';
import type { Message } from './line.ts';

const errorCode = z.enum(Object.keys(errorTable) as [ErrorCode, ...ErrorCode[]]);
/** An error as a process tells it. */
export const errorBody = z.strictObject({
  code: errorCode,
  message: z.string(),
  hint: z.string(),
  forAdmin: z.boolean(),
});

const call = z.int().min(1);
const name = z.string();
/** What is taken of a process. Not beside the line, which processes have as well: what checks this is more than all the rest of some. */
export const message: z.ZodType<Message> = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('tell'), name, what: z.unknown() }),
  z.strictObject({ type: z.literal('ask'), call, name, what: z.unknown(), held: z.boolean() }),
  z.strictObject({ type: z.literal('answer'), call, value: z.unknown() }),
  z.strictObject({ type: z.literal('failed'), call, error: errorBody }),
  z.strictObject({ type: z.literal('release'), call }),
]);
