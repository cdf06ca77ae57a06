import type { Devices, StdinPlace } from '../../contract/devices.ts';
import type { ErrorBody } from '../../contract/errors.ts';
import type { Source } from '../../contract/models.ts';
import type { Seen, Snapshot, Wanted } from '../../contract/snapshot.ts';
import type { GuardAnswer, GuardAsk } from '../guard/messages.ts';
import type { PlanOptions } from '../plan/plan-options.ts';
import type { DirectorOptions, Looked, ProgrammeEvent } from '../process/director/director-options.ts';
import type { Publication } from '../process/players/publications.ts';
import type { RouteReport, RtpRoute } from '../process/players/routes.ts';
import type { TurnReport } from '../process/remote-turns.ts';
import type { FileFinding, PreparedSource, SourcesOptions } from '../sources/sources.ts';

/** What a programme is opened with. */
export interface Opening {
  readonly options: DirectorOptions;
  readonly snapshot: Snapshot;
  /** Which opening it is: what it sees is told with it. */
  readonly generation: number;
  /** What is known of its candidates. */
  readonly looked: Looked;
}

/** What the daemon asks of an ingest process; `id` names a programme. */
export type IngestRequest =
  /** The first of all. */
  | { readonly type: 'begin'; readonly sources: SourcesOptions }
  /** Sources that are not to be opened, by their keys. */
  | { readonly type: 'setAside'; readonly sources: readonly string[] }
  /** What others found out of files. */
  | { readonly type: 'files'; readonly findings: readonly FileFinding[] }
  /** Opens a programme where its snapshot says; nothing is sent before it is connected. */
  | ({ readonly type: 'open'; readonly id: string } & Opening)
  /** Sends to a PlainTransport's port from now on. */
  | { readonly type: 'connect'; readonly id: string; readonly port: number }
  /** What is wanted from now on. */
  | { readonly type: 'want'; readonly id: string; readonly wanted: Wanted; readonly looked: Looked }
  | { readonly type: 'close'; readonly id: string }
  /** Looks at a source, for a room; here `id` names the call. */
  | {
      readonly type: 'prepare';
      readonly id: string;
      readonly room: string;
      readonly source: Source;
      readonly rules: PlanOptions;
    }
  /** Somebody publishes into a room with this key; null: nobody any more. Here `id` names the room. */
  | {
      readonly type: 'publication';
      readonly id: string;
      readonly key: string;
      readonly publication: Publication | null;
    }
  /** The turn that `turn.wanted` asked for has come. */
  | { readonly type: 'turn'; readonly turn: number }
  /** What came of a call of the guard. */
  | { readonly type: 'guarded'; readonly call: number; readonly answer: GuardAnswer }
  /** The route that `route.wanted` asked for; null: there is no such publisher. */
  | { readonly type: 'route'; readonly route: number; readonly answer: RtpRoute | null }
  /** Looks for cameras, sound devices, displays and windows; here `id` names the call. */
  | { readonly type: 'devices'; readonly id: string }
  /** Opens a place for a standard input; here `id` names the call. */
  | { readonly type: 'stdin'; readonly id: string }
  /** Nobody waits for the answer to this `prepare` any more. */
  | { readonly type: 'cancel'; readonly id: string };

/** A request that is answered. */
export type IngestCall = Exclude<
  IngestRequest,
  { type: 'begin' | 'setAside' | 'files' | 'route' | 'guarded' | 'turn' }
>;

/** What an ingest process tells; an answer names the type of its request. */
export type IngestReport =
  /** It has begun, and may be asked. */
  | { readonly type: 'ready' }
  /** What it found out of a file. */
  | { readonly type: 'file'; readonly finding: FileFinding }
  /** Nothing comes of a standard input any more. */
  | { readonly type: 'stdin.over'; readonly token: string }
  /** The guard is asked something. */
  | { readonly type: 'guard'; readonly call: number; readonly ask: GuardAsk }
  /** The programme's packets will come from this UDP port on loopback. */
  | { readonly type: 'opened'; readonly request: 'open'; readonly id: string; readonly port: number }
  | {
      readonly type: 'failed';
      readonly request: IngestCall['type'];
      readonly id: string;
      readonly error: ErrorBody;
    }
  | { readonly type: 'closed'; readonly request: 'close'; readonly id: string }
  | {
      readonly type: 'prepared';
      readonly request: 'prepare';
      readonly id: string;
      readonly prepared: PreparedSource;
    }
  | RouteReport
  | TurnReport
  | {
      readonly type: 'devices';
      readonly request: 'devices';
      readonly id: string;
      readonly devices: Devices;
    }
  | {
      readonly type: 'stdin';
      readonly request: 'stdin';
      readonly id: string;
      readonly place: StdinPlace;
    }
  | { readonly type: 'event'; readonly id: string; readonly event: ProgrammeEvent }
  /** What a programme is, at each change and each second. */
  | { readonly type: 'seen'; readonly id: string; readonly seen: Seen };
