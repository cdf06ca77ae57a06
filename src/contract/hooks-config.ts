import * as z from 'zod';
import { section } from './config-section.ts';
import { durationMs } from './units.ts';

/** A program, by its path or as PATH finds it, and its arguments, each as it is: there is no shell. */
const command = z
  .array(
    z
      .string()
      .max(4096)
      .regex(/^[^\0]*$/, 'expected text without a zero byte'),
  )
  .min(1, 'expected a program, and behind it its arguments')
  .max(64)
  .refine(([program]) => program !== '', 'expected the name or the path of a program')
  .nullable()
  .default(null);

/** What is run on this machine when something happens. The configuration alone says it: no call of the API does. */
export const hooksSection = section({
  /** A broadcast's first pictures have left. */
  onLive: command,
  /** A broadcast is off air. */
  onEnded: command,
  /** Something is wrong: all that is logged as a warning or an error. */
  onTrouble: command,
  /** Something that was wrong is not any more. */
  onRecovery: command,
  /** Somebody publishes into a room. */
  onPublish: command,
  /** Somebody publishes no longer. */
  onUnpublish: command,
  /** One that takes longer is ended, with all that it has started. */
  timeout: durationMs.prefault('10s'),
});
export type HooksConfig = z.output<typeof hooksSection>;

/** What a hook waits for. */
export type HookName = Exclude<keyof HooksConfig, 'timeout'>;
