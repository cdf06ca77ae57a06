/** How somebody who publishes, and is not shown, is put on air. */
export function takeHint(room: string, key: string): string {
  return `Somebody publishes there; put it on air: mirolive take ${key} --room ${room}`;
}
