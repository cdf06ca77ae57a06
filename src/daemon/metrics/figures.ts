import type { BroadcastStats, Viewer } from '../../contract/models.ts';

/** What the numbers are made of, at one moment: few enough to be read each time that somebody asks. */
export interface Figures {
  readonly version: string;
  readonly rooms: readonly {
    readonly name: string;
    readonly viewers: readonly Pick<Viewer, 'kind' | 'state' | 'picture' | 'suffers'>[];
    /** null: nothing is on air. */
    readonly broadcast: { readonly entry: string; readonly stats: BroadcastStats } | null;
  }[];
  readonly publishers: number;
  readonly degraded: readonly { readonly part: string; readonly failures: number }[];
  readonly processes: readonly {
    readonly kind: string;
    readonly cpuSeconds: number;
    readonly memoryBytes: number;
  }[];
  /** How late the main thread comes to what is due, in seconds, by part of all times; null: not measured. */
  readonly lag: Readonly<Record<'0.5' | '0.99' | '1', number>> | null;
  /** How often what has happened since the start, by type. */
  readonly events: ReadonlyMap<string, number>;
}
