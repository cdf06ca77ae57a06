import * as z from 'zod';

/** Who started the daemon, and so who starts it again when it has ended. `hand`: nobody that it knows of. */
export const starter = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('systemd'),
    /** Such as `mirolive.service`. */
    unit: z.string(),
    /** Of the system, or of one user's sessions. */
    scope: z.enum(['system', 'user']),
    /** Whether something wants the unit at the start of the machine; null: not known. */
    enabled: z.boolean().nullable(),
  }),
  /** `mirolive daemon --supervise`. */
  z.strictObject({ kind: z.literal('supervisor'), pid: z.int() }),
  /** The first process of a container: its engine may. */
  z.strictObject({ kind: z.literal('container') }),
  z.strictObject({ kind: z.literal('hand') }),
]);
export type Starter = z.infer<typeof starter>;
