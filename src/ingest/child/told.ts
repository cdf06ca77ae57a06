/** Longer than all that a process of ours has to say, in characters: addresses, paths and messages have 4,096. */
export const maxText = 64 * 1024;

/**
 * What a process passes on of what strangers sent, with texts that are too long cut, so that nobody can make it say what it is
 * ended for.
 */
export function cutTexts(said: unknown): unknown {
  if (typeof said === 'string') return said.slice(0, maxText);
  if (Array.isArray(said)) return said.map(cutTexts);
  if (typeof said !== 'object' || said === null || ArrayBuffer.isView(said)) return said;
  return Object.fromEntries(
    Object.entries(said).map(([name, value]) => [name.slice(0, maxText), cutTexts(value)]),
  );
}
