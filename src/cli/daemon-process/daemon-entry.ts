/** The entry of the daemon, which is a program of its own: named here by its place, never imported. */
export function daemonEntry(): URL {
  const suffix = import.meta.url.endsWith('.ts') ? 'ts' : 'js';
  return new URL(`../../daemon/main.${suffix}`, import.meta.url);
}
