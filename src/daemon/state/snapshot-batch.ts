/** What has changed of a kept broadcast: all of it where `id` is given, since it is another one then. */
export interface SnapshotChanges {
  readonly id?: string;
  readonly begunBy?: string;
  readonly appliedBy?: string | null;
  /** JSON: what the file said that applied it. */
  readonly declared?: string | null;
  /** JSON: what was asked for, and what is decided of how it goes out. */
  readonly spec?: string;
  /** JSON: what is wanted of it. */
  readonly wanted?: string;
  /** JSON: what was seen of it; null: nothing. */
  readonly seen?: string | null;
}

/** Where each is, in the table of broadcasts. */
export const snapshotColumns: { readonly [K in keyof Required<SnapshotChanges>]: string } = {
  id: 'id',
  begunBy: 'begun_by',
  appliedBy: 'applied_by',
  declared: 'declared',
  spec: 'spec',
  wanted: 'wanted',
  seen: 'seen',
};

/** By rooms, each once; null: nothing is kept there any more. */
export type SnapshotBatch = readonly (readonly [room: string, changes: SnapshotChanges | null])[];

/** What the thread is asked for: to write, or to bring the log of the state into the state itself. */
export type SnapshotTask = SnapshotBatch | 'settle';

/** What came of it. */
export interface SnapshotAnswer {
  readonly to: 'write' | 'settle';
  /** null: it is done. */
  readonly problem: string | null;
}

/** Both, one after the other, as one. */
export function merged(
  before: SnapshotChanges | null | undefined,
  after: SnapshotChanges | null,
): SnapshotChanges | null {
  if (before === undefined || after === null || after.id !== undefined) return after;
  // Of what is not kept nothing changes.
  return before === null ? null : { ...before, ...after };
}
