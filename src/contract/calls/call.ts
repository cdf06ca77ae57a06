import * as z from 'zod';
import type { ErrorCode } from '../errors.ts';
import type { Needs } from '../principal.ts';
import type { Route } from '../routes.ts';

/** One call of the control API: its place, what it takes, what it gives, how it can fail. */
export interface Call extends Route {
  /** One line for the OpenAPI document. */
  readonly summary: string;
  /** The parameters as the caller gives them; numbers and booleans of a query are read from their text. */
  readonly params: z.ZodObject;
  readonly result: z.ZodType;
  readonly errors: readonly ErrorCode[];
  /** What whoever calls has to be allowed. */
  readonly needs: Needs;
}

/** Takes nothing. */
export const none = z.strictObject({});
/** Whatever can be wrong with a source. */
export const sourceErrors = [
  'SOURCE_NOT_FOUND',
  'SOURCE_FORBIDDEN',
  'SOURCE_NOT_A_FILE',
  'SOURCE_NOT_MEDIA',
  'SOURCE_TRACK_NOT_FOUND',
  'SOURCE_TIMEOUT',
  'SOURCE_PROTOCOL',
  'SOURCE_PRIVATE_ADDRESS',
  'SOURCE_UNREACHABLE',
  'SOURCE_BUSY',
  'PROGRAM_NOT_FOUND',
  'PUBLISHER_NOT_FOUND',
  'SOURCE_QUARANTINED',
  'INGEST_UNAVAILABLE',
  'RENDITIONS_TOO_HEAVY',
] as const satisfies readonly ErrorCode[];
/** True or false, or that in text, as a query has it; false where it is not given. */
export const flag = z.stringbool().or(z.boolean()).default(false);
