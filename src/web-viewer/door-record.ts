import { keep, kept } from './kept.ts';

/** What the door of a room for guests knows beside the pass, which the room's page reads by itself. */
export interface DoorRecord {
  /** The first letters of the link that was used last, by which it is known again; empty: none was. */
  readonly link: string;
  /** The pass with which the room's page was refused last; the one that is kept may be another tab's by now, and good. */
  readonly refused: string;
}

/** What is known, at the key of a pass; of anything else than was written nothing is. */
export function doorRecord(key: string): DoorRecord {
  const [, link = '', refused = ''] = /^(\S*) (\S*)$/.exec(kept(`${key}-door`)) ?? [];
  return { link, refused };
}

/** Changes it. Gives whether the browser keeps it. */
export function keepDoorRecord(key: string, change: Partial<DoorRecord>): boolean {
  const { link, refused } = { ...doorRecord(key), ...change };
  keep(`${key}-door`, `${link} ${refused}`);
  return kept(`${key}-door`) === `${link} ${refused}`;
}
