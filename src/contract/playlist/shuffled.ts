/**
 * The same items in another order, each order as likely as any other; but what was last is not the first again, where there is
 * another.
 *
 * @param random gives numbers from 0 to below 1
 */
export function shuffled<T>(items: readonly T[], last: T | null, random: () => number): T[] {
  const order = [...items];
  for (let end = order.length - 1; end > 0; end--) swap(order, end, Math.floor(random() * (end + 1)));
  if (order[0] === last && order.length > 1) swap(order, 0, 1 + Math.floor(random() * (order.length - 1)));
  return order;
}

/**
 * Numbers from 0 to below 1 that follow from a seed and the number of a round: the room and the director come to the same orders.
 * Mulberry32: enough for the order of a playlist, and for nothing secret.
 */
export function randomOf(seed: number, round: number): () => number {
  let state = (Math.imul(seed + 1, 0x9e3779b1) ^ Math.imul(round + 1, 0x85ebca6b)) >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

function swap<T>(items: T[], a: number, b: number): void {
  [items[a], items[b]] = [items[b] as T, items[a] as T];
}
