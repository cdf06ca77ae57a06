/** A part of the daemon that is not there. */
export interface DegradedPart {
  readonly part: 'ingest' | 'guard' | 'rtmp';
  readonly reason: string;
  /** Since when, in ms since 1970. */
  readonly sinceMs: number;
}
