/** How much something has grown that is counted elsewhere, from nothing each time that it begins anew. */
export class Growth {
  readonly #before = new Map<string, number>();

  /** Since it was asked of last; what is less than before has begun anew. @param of what is counted, such as a process by its pid */
  of(of: string, now: number): number {
    const before = this.#before.get(of) ?? 0;
    this.#before.set(of, now);
    return now >= before ? now - before : now;
  }

  /** The same of a sum over things that come and go: where it is less, some of them have gone. */
  ofSum(of: string, now: number): number {
    const before = this.#before.get(of) ?? 0;
    this.#before.set(of, now);
    return Math.max(0, now - before);
  }

  /** What is not among these is gone. */
  keep(those: ReadonlySet<string>): void {
    for (const of of this.#before.keys()) if (!those.has(of)) this.#before.delete(of);
  }
}
