/** Those who come by themselves to be played, one after the other: publishers with a stream key, callers of a port. */
export interface Arrivals<T> {
  /** What is told while nobody is there, and once somebody has left. */
  readonly waits: string;
  readonly left: string;
  readonly isThere: boolean;
  /** Resolves once somebody is there; rejects when `signal` aborts, or where nobody can come. */
  present(signal: AbortSignal): Promise<T>;
  /**
   * Resolves once this one is there no longer; rejects when `signal` aborts.
   *
   * @param onChange something has changed about it
   */
  gone(one: T, signal: AbortSignal, onChange: (one: T) => void): Promise<void>;
}
