import { existsSync } from 'node:fs';
import type { Readable } from 'node:stream';
import { type Client, createClient } from '../client.ts';
import { findPlace } from '../places/find-place.ts';
import type { Place } from '../places/place.ts';
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
  /** Another command line shows what is said, on its screen: there is nothing to read, and nothing to pipe to. */
  readonly onScreen?: boolean;
  readonly environment: Environment;
  /** The daemon of the one whose command line this is, where it names no other. */
  readonly asked?: { readonly place: Place; readonly by: PlaceFlags } | undefined;
}

/** What a command works with. */
export interface Context {
  readonly flags: GlobalFlags;
  readonly environment: Environment;
  readonly output: Output;
  /** See `Process`. */
  readonly onScreen: boolean;
  /** From the first use on it is read. */
  readonly stdin: () => Stdin;
  /** From the first use on, signals no longer end the process: they abort this, with the exit status as the reason. */
  readonly interrupts: () => AbortSignal;
  /** The daemon that is asked, whatever flags and environment name by now. */
  readonly place?: Place | undefined;
  /** Runs another command line in this process, with other outputs than its own, and nothing to read; gives its exit status. Where its flags are those of this one, it asks `place`. */
  readonly again: (
    argv: readonly string[],
    others: Pick<Process, 'stdout' | 'stderr' | 'interrupts'> & { readonly place?: Place },
  ) => Promise<number>;
}

/** A client of the daemon that flags and environment name. */
export async function connect({ flags, environment, output, place: known }: Context): Promise<Client> {
  const place = known ?? (await findPlace(flags, environment, output.warn));
  output.asks(place.kind === 'host' ? 'there' : 'here');
  if (place.kind === 'socket' && !existsSync(place.path)) {
    using _said = output.waiting('the daemon to make its socket again');
    const { socketMadeAgain } = await import('../daemon-process/lost-daemon.ts');
    await socketMadeAgain(place.path, flags, environment);
  }
  return patientClient(createClient(place), output);
}
