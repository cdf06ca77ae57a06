import { createHmac, timingSafeEqual } from 'node:crypto';

/** What somebody is known by who came by a watch link: the link, an id of his own, and a signature of the link's key. Nothing is kept for it. */
export interface Guest {
  readonly link: string;
  /** null: he came by the secret of the link itself, as players do, and is somebody else each time. */
  readonly id: string | null;
}

/** A guest who is known again. */
interface Lasting extends Guest {
  readonly id: string;
}

/** Whether somebody is a guest; `unknown`: links cannot be read now, or are lost, so nobody can tell; null: he is none. */
export type Known = Guest | 'unknown' | null;

/** `mlg_LINK_GUEST_SIGNATURE`: also a name of a WebSocket's protocol (RFC 6455, 4.1). */
const form = /^mlg_(l-[a-z2-7]{10})_(g-[a-z2-7]{10})_([\w-]{43})$/;

/** A guest's pass, signed by the link's key. */
export function passOf({ link, id }: Lasting, key: string): string {
  return `mlg_${link}_${id}_${signature({ link, id }, key)}`;
}

/** What a pass says, and whether a key has signed it; null: it is none. */
export function readPass(pass: string): (Lasting & { isSignedBy(key: string): boolean }) | null {
  const [, link, id, signed] = form.exec(pass) ?? [];
  if (link === undefined || id === undefined || signed === undefined) return null;
  const given = Buffer.from(signed);
  return { link, id, isSignedBy: (key) => timingSafeEqual(given, Buffer.from(signature({ link, id }, key))) };
}

function signature({ link, id }: Lasting, key: string): string {
  return createHmac('sha256', key).update(`${link} ${id}`).digest('base64url');
}
