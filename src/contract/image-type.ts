/** Images that every browser shows, and operators may name. */
export type ImageType = 'image/jpeg' | 'image/png' | 'image/webp';

/** By its first bytes, since a name may say anything; null: none of them. */
export function imageTypeOf(head: Uint8Array): ImageType | null {
  const begins = (at: number, bytes: readonly number[]) =>
    bytes.every((byte, index) => head[at + index] === byte);
  if (begins(0, [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a])) return 'image/png';
  if (begins(0, [0xff, 0xd8, 0xff])) return 'image/jpeg';
  // RIFF, its length, WEBP.
  return begins(0, [0x52, 0x49, 0x46, 0x46]) && begins(8, [0x57, 0x45, 0x42, 0x50]) ? 'image/webp' : null;
}
