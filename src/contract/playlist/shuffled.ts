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

function swap<T>(items: T[], a: number, b: number): void {
  [items[a], items[b]] = [items[b] as T, items[a] as T];
}
