import { readFileSync } from 'node:fs';
import type { Socket } from 'node:net';
import { cFunction } from '../c-library.ts';

/** SOL_SOCKET and SO_PEERCRED of Linux, `asm-generic/socket.h`: the same on x64 and arm64. */
const solSocket = 1;
const soPeercred = 17;
/** `struct ucred` of unix(7): pid, uid and gid, 32 bits each. */
const ucredBytes = 12;
const uidAt = 4;

const declaration =
  'int getsockopt(int fd, int level, int name, _Out_ uint8_t *value, _Inout_ uint32_t *length)';
type GetSockOpt = (fd: number, level: number, name: number, value: Buffer, length: number[]) => number;

/** Looked for when somebody calls for the first time; null: this machine has it not. */
let getsockopt: GetSockOpt | null | undefined;

/** The user who opened the other end of a Unix socket, as the kernel has it; null: not known. */
export function peerUser(socket: Socket): string | null {
  const { _handle: handle } = socket as Socket & { readonly _handle?: { readonly fd?: number } | null };
  if (handle?.fd === undefined || handle.fd < 0) return null;
  if (getsockopt === undefined) getsockopt = cFunction<GetSockOpt>(declaration);
  try {
    const credentials = Buffer.alloc(ucredBytes);
    if (getsockopt?.(handle.fd, solSocket, soPeercred, credentials, [ucredBytes]) !== 0) return null;
    return userName(credentials.readUInt32LE(uidAt), readFileSync('/etc/passwd', 'utf8'));
  } catch {
    // Who it was is told where that can be known; nobody is refused for it.
    return null;
  }
}

/** The name that a file such as passwd(5) gives a user, else the number: other directories are not asked, they may be slow. */
export function userName(uid: number, passwd: string): string {
  const line = passwd.split('\n').find((text) => text.split(':')[2] === `${uid}`);
  return line?.split(':')[0] || `uid ${uid}`;
}
