/** Notes what was met just now, and forgets what was met the longest ago where there are more than so many. */
export function keepNewest<K, V>(met: Map<K, V>, key: K, value: V, most: number): void {
  met.delete(key);
  met.set(key, value);
  const [oldest] = met.keys();
  if (met.size > most) met.delete(oldest as K);
}
