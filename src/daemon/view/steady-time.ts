/** What is reckoned anew each second moves by so much, in ms, although nothing has happened. */
const blinkMs = 2000;

/** A time as it was told before, unless it is another one by now: else each look would be a change. Pure. */
export function steadyTime(before: string | null, now: string | null): string | null {
  if (before === null || now === null) return now;
  return Math.abs(Date.parse(now) - Date.parse(before)) < blinkMs ? before : now;
}
