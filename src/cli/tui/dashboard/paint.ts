// CUP: to the beginning of a row, or of the screen; EL and ED: what is there is erased (ECMA-48).
const home = '\u001b[H';
/** What takes all off the screen. */
export const erased = `${home}\u001b[2J`;
// Terminals that know it show what is in between at once; others leave it out.
const [begin, end] = ['\u001b[?2026h', '\u001b[?2026l'];

/** What makes a screen of these lines of one that shows those before: each row that differs is written anew. Empty: none does. */
export function repainted(before: readonly string[], lines: readonly string[]): string {
  const rows = lines.map((line, row) =>
    line === before[row] ? '' : `\u001b[${row + 1}H\u001b[K${line.trimEnd()}`,
  );
  const all = rows.join('');
  return all === '' ? '' : `${begin}${all}${home}${end}`;
}
