import * as z from 'zod';

/** What is told while a machine is looked at: one finding after the other, or why it was given up. */
export const doctorLine = z.discriminatedUnion('type', [
  z.strictObject({
    type: z.literal('finding'),
    check: z.string(),
    /** `warn`: works, could be better; `fail`: something will not work. */
    state: z.enum(['ok', 'warn', 'fail']),
    detail: z.string(),
    /** What to do, where it is not ok. */
    fix: z.string().nullable(),
  }),
  z.strictObject({
    type: z.literal('failed'),
    error: z.strictObject({ code: z.string(), message: z.string(), hint: z.string() }),
  }),
]);
export type DoctorLine = Readonly<z.infer<typeof doctorLine>>;
