import { expect, it } from 'vitest';
import { uidIn } from '../../../src/ingest/guard/same-user.ts';

/** As proc(5) has it: both ends of one connection, and one that listens. */
const table = `  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode
   0: 0100007F:9C2D 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 4001 1 0
   1: 0100007F:B3F2 0100007F:9C2D 01 00000000:00000000 00:00000000 00000000  1000        0 4002 1 0
   2: 0100007F:9C2D 0100007F:B3F2 01 00000000:00000000 00:00000000 00000000   998        0 4003 1 0
`;

it.each([
  { name: "the peer's end", own: 0xb3f2, other: 0x9c2d, uid: 1000 },
  { name: 'our own end', own: 0x9c2d, other: 0xb3f2, uid: 998 },
  { name: 'a connection that there is not', own: 0xb3f2, other: 0x9c2e, uid: undefined },
])('uidIn finds whose is $name', ({ own, other, uid }) => {
  expect(uidIn(table, own, other)).toBe(uid);
});
