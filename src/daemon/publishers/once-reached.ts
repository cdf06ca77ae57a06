/** The clock may be set: it is looked at again after so long, in ms. */
const lookAgainMs = 60_000;

/** Calls `act` when the clock has reached a moment, in ms since 1970; null: never. Gives the function that stops waiting. */
export function onceReached(at: number | null, act: () => void): () => void {
  if (at === null) return () => {};
  let timer: NodeJS.Timeout;
  const wait = () => {
    const leftMs = at - Date.now();
    timer = setTimeout(leftMs > lookAgainMs ? wait : act, Math.min(leftMs, lookAgainMs));
  };
  wait();
  return () => clearTimeout(timer);
}
