import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { Socket } from 'node:net';

/** What is needed of koffi. */
interface Koffi {
  /** @param path null: what the process has loaded already, the C library among it */
  load(path: null): { func(declaration: string): unknown };
}

/** SOL_SOCKET and SO_PEERCRED of Linux, `asm-generic/socket.h`: the same on x64 and arm64. */
const solSocket = 1;
const soPeercred = 17;
/** `struct ucred` of unix(7): pid, uid and gid, 32 bits each. */
const ucredBytes = 12;
const uidAt = 4;

/** Loaded when somebody calls for the first time: a start does not pay for it. */
let getsockopt: ((fd: number, level: number, name: number, value: Buffer, length: number[]) => number) | null;

/** The user who opened the other end of a Unix socket, as the kernel has it; null: not known. */
export function peerUser(socket: Socket): string | null {
  const { _handle: handle } = socket as Socket & { readonly _handle?: { readonly fd?: number } | null };
  if (handle?.fd === undefined || handle.fd < 0) return null;
  try {
    getsockopt ??= loadGetsockopt();
    const credentials = Buffer.alloc(ucredBytes);
    if (getsockopt(handle.fd, solSocket, soPeercred, credentials, [ucredBytes]) !== 0) return null;
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

function loadGetsockopt() {
  const { load } = createRequire(import.meta.url)('koffi') as Koffi;
  return load(null).func(
    'int getsockopt(int fd, int level, int name, _Out_ uint8_t *value, _Inout_ uint32_t *length)',
  ) as NonNullable<typeof getsockopt>;
}
