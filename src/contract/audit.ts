import * as z from 'zod';
import { principal } from './principal.ts';

/** The most that one answer holds; what is behind it is asked for with `after`. */
export const maxAuditEntries = 1000;

/** An entry of the audit log: who did what, to what, and what came of it. Never a secret. */
export const auditEntry = z.strictObject({
  /** The larger, the later. */
  id: z.int(),
  at: z.iso.datetime(),
  who: principal,
  /** A call of the control API, such as `stopRoom` or `control.take`; of the daemon, an event. */
  what: z.string(),
  /** The id or the name of what it was done to. */
  subject: z.string(),
  room: z.string().nullable(),
  /** `ok`, or the code of the error. */
  result: z.string(),
  details: z.record(z.string(), z.unknown()),
});
export type AuditEntry = z.infer<typeof auditEntry>;
