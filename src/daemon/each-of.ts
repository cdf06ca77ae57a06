/** So many questions wait for a worker at once: it does nothing else while it answers those that came together. */
const most = 40;

/** Does the same for each, and gives what came of it, in order: a few at a time, since who answers has other things to do. */
export async function eachOf<T, R>(all: readonly T[], act: (one: T) => Promise<R>): Promise<R[]> {
  const results: R[] = [];
  let next = 0;
  const workThrough = async () => {
    while (next < all.length) {
      const place = next++;
      results[place] = await act(all[place] as T);
    }
  };
  await Promise.all(Array.from({ length: Math.min(most, all.length) }, workThrough));
  return results;
}
