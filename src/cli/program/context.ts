import { existsSync } from 'node:fs';
import type { Readable } from 'node:stream';
import { type Client, createClient } from '../client.ts';
import { findPlace } from '../places/find-place.ts';
import type { Environment, PlaceFlags } from './environment.ts';
import type { Output, Sink } from './output.ts';
import { patientClient } from './patient-client.ts';

/** Flags that every command takes. */
export interface GlobalFlags extends PlaceFlags {
  readonly json?: boolean;
  /** False with `--no-color`. */
  readonly color: boolean;
}

export type Stdin = Readable & { isTTY?: boolean };

/** What the command line needs of its process. */
export interface Process {
  readonly stdin: () => Stdin;
  readonly stdout: Sink;
  readonly stderr: Sink;
  readonly interrupts: () => AbortSignal;
  readonly environment: Environment;
}

/** What a command works with. */
export interface Context {
  readonly flags: GlobalFlags;
  readonly environment: Environment;
  readonly output: Output;
  /** From the first use on it is read. */
  readonly stdin: () => Stdin;
  /** From the first use on, signals no longer end the process: they abort this, with the exit status as the reason. */
  readonly interrupts: () => AbortSignal;
  /** Runs another command line in this process, with other outputs than its own, and nothing to read; gives its exit status. */
  readonly again: (
    argv: readonly string[],
    others: Pick<Process, 'stdout' | 'stderr' | 'interrupts'>,
  ) => Promise<number>;
}

/** A client of the daemon that flags and environment name. */
export async function connect({ flags, environment, output }: Context): Promise<Client> {
  const place = await findPlace(flags, environment, output.warn);
  if (place.kind === 'socket' && !existsSync(place.path)) {
    using _said = output.waiting('the daemon to make its socket again');
    const { socketMadeAgain } = await import('../daemon-process/lost-daemon.ts');
    await socketMadeAgain(place.path, flags, environment);
  }
  return patientClient(createClient(place), output);
}
