/** What reading gives, or something else where that throws: a process ends at any moment, and a kernel may not tell. */
export function orElse<T>(read: () => T, otherwise: T): T {
  try {
    return read();
  } catch {
    return otherwise;
  }
}
