import * as z from 'zod';
import { type Devices, devices, type StdinPlace, stdinPlace } from '../../contract/devices.ts';
import type { Source } from '../../contract/models.ts';
import { plan, probe } from '../../contract/plan.ts';
import { maxPosterBytes } from '../../contract/poster.ts';
import type { Snapshot } from '../../contract/snapshot.ts';
import type { AnswerSenses, Senses } from '../child/line.ts';
import { type GuardCalls, guardSenses } from '../guard/calls.ts';
import type { PlanOptions } from '../plan/plan-options.ts';
import type { DirectorOptions, Looked } from '../process/director/director-options.ts';
import type { Publication } from '../process/players/publications.ts';
import type { RouteCalls } from '../process/players/routes.ts';
import type { FileFinding, PreparedSource, SourcesOptions } from '../sources/sources.ts';
import { fileFinding } from './known-files.ts';
import type { SentWanted } from './known-items.ts';
import type { Work } from './turns.ts';

/** What a programme is opened with. */
export interface Opening {
  readonly options: DirectorOptions;
  readonly snapshot: Snapshot;
  /** Which opening it is: what it sees is told with it. */
  readonly generation: number;
  /** What is known of its candidates. */
  readonly looked: Looked;
}

/** Of a programme. */
interface Named {
  readonly id: string;
}

/** What the daemon asks of an ingest process, and tells it. */
export interface IngestCalls {
  begin(sources: SourcesOptions): void;
  /** Sources that are not to be opened, by their keys. */
  setAside(sources: readonly string[]): void;
  /** What others found out of files. */
  files(findings: readonly FileFinding[]): void;
  /** Opens a programme where its snapshot says; nothing is sent before it is connected. Its packets will come from this UDP port on loopback. */
  open(programme: Named & Opening): { readonly port: number };
  /** Sends to a PlainTransport's port from now on. */
  connect(programme: Named & { readonly port: number }): void;
  /** What is wanted from now on. */
  want(programme: Named & SentWanted & { readonly looked: Looked }): void;
  close(programme: Named): void;
  /** A still of what viewers of a programme see; null: there is none that may be shown. @param slate nothing else than the slate may */
  poster(programme: Named & { readonly slate: boolean }): Uint8Array | null;
  /** Looks at a source, for a room; null: there is nothing to look at before somebody comes. */
  prepare(look: {
    readonly room: string;
    readonly source: Source;
    readonly rules: PlanOptions;
  }): PreparedSource | null;
  /** Somebody publishes into a room with this key; null: nobody any more. */
  publication(present: {
    readonly room: string;
    readonly key: string;
    readonly publication: Publication | null;
  }): void;
  /** Looks for cameras, sound devices, displays and windows. */
  devices(nothing: null): Devices;
  /** Opens a place for a standard input. */
  stdin(nothing: null): StdinPlace;
}

/** What an ingest process asks of the daemon, and tells it. */
export interface DaemonCalls extends GuardCalls, RouteCalls {
  /** @param programme.event a `ProgrammeEvent`: where it is none, that programme is lost, and no other one */
  event(programme: Named & { readonly event: unknown }): void;
  /** What a programme is, at each change and each second. @param programme.seen the same: `Seen` */
  seen(programme: Named & { readonly seen: unknown }): void;
  /** What it found out of a file. */
  file(finding: FileFinding): void;
  /** Nothing comes of a standard input any more. */
  stdinOver(place: Pick<StdinPlace, 'token'>): void;
  /** Answered when it is the turn of some work, which is held until that is over. */
  turn(wanted: { readonly room: string; readonly work: Work }): void;
}

/** What is taken of its answers. */
export const ingestAnswerSenses: AnswerSenses<IngestCalls> = {
  open: z.strictObject({ port: z.int() }),
  prepare: z
    .strictObject({
      ...{ probe, plan, live: z.boolean(), lookMs: z.number() },
      picture: z.literal(true).optional(),
      identity: z.string().max(200).optional(),
    })
    .nullable(),
  devices,
  stdin: stdinPlace,
  poster: z
    .instanceof(Uint8Array)
    .refine(({ length }) => length <= maxPosterBytes)
    .nullable(),
};

const id = z.string();
const route = z.int();

/** What is taken of an ingest process. */
export const daemonSenses: Senses<DaemonCalls> = {
  ...guardSenses,
  route: z.strictObject({ id: route, publication: z.string() }),
  connectRoute: z.strictObject({ id: route, port: z.int().min(1).max(65_535) }),
  refuseRoute: z.strictObject({ id: route }),
  event: z.strictObject({ id, event: z.unknown() }),
  seen: z.strictObject({ id, seen: z.unknown() }),
  file: fileFinding,
  stdinOver: stdinPlace.pick({ token: true }),
  turn: z.strictObject({
    room: z.string(),
    work: z.strictObject({ kind: z.enum(['start', 'look']), remote: z.boolean() }),
  }),
};
