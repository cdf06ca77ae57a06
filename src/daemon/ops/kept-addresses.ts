/** What is of a moment so far ahead, in ms, is of a clock that was wrong: how old it is nobody knows. */
const aheadMs = 86_400_000;

/** Whether a line of the log of a moment may keep its addresses, all by the clock on the wall. */
export function mayKeepAddresses(keepMs: number, nowMs: number): (atMs: number) => boolean {
  return (atMs) => atMs >= nowMs - keepMs && atMs <= nowMs + aheadMs;
}
