/** Hears which parts cannot be had back, and which are there again. */
export interface HealthListener {
  /** `failures` in a row; it is tried again in so many ms. */
  lost(
    part: string,
    trouble: { readonly reason: string; readonly failures: number; readonly nextTryMs: number },
  ): void;
  found(part: string): void;
}
