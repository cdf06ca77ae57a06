import type { Principal } from './principal.ts';

/** Who it is, in one word for people: `anna`, `daemon`, `token:anna`, `schedule:morning`. */
export function principalWord(caller: Principal): string {
  switch (caller.kind) {
    case 'socket':
      return caller.user ?? 'socket';
    case 'token':
      return `token:${caller.name}`;
    case 'daemon':
      return 'daemon';
    case 'schedule':
      return `schedule:${caller.name}`;
  }
}
