/** Where the pass is kept by which this browser comes into a room for guests. */
export function passKey(room: string): string {
  return `mirolive-pass-${room}`;
}
