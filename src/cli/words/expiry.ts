import { span } from './format.ts';

/** When something that was handed out is good no more, or since when it is not. @param now in ms since 1970 */
export function expiry({ expiresAt }: { readonly expiresAt: string | null }, now: number): string {
  if (expiresAt === null) return 'never';
  const leftMs = Date.parse(expiresAt) - now;
  return leftMs <= 0 ? `${span(-leftMs)} ago` : `in ${span(leftMs)}`;
}
