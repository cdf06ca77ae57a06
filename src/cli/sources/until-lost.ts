/** Of two that belong together, the second is waited for so long, in ms. */
const soonMs = 2000;

/**
 * What comes of a broadcast whose source is sent there. One that breaks off on its way ends there as if it were whole, so it throws what
 * `done` does; but what the daemon tells by itself, such as that somebody stopped it, is why it broke off.
 *
 * @param isWhole what is told also where all was well to its end
 */
export async function untilLost<T>(
  told: Promise<T>,
  done: Promise<void>,
  isWhole: (value: T) => boolean,
): Promise<T> {
  await Promise.race([told, done.then(() => told)]).catch(() => {});
  const first = await soon(told);
  if (first !== null && !isWhole(first.value)) return first.value;
  await soon(done);
  return told;
}

/** Null where it takes longer. */
async function soon<T>(awaited: Promise<T>): Promise<{ value: T } | null> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<null>((resolve) => {
    timer = setTimeout(resolve, soonMs, null);
  });
  try {
    return await Promise.race([awaited.then((value) => ({ value })), late]);
  } finally {
    clearTimeout(timer);
  }
}
