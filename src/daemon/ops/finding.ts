/** One line of `mirolive doctor`. */
export interface Finding {
  readonly check: string;
  readonly state: 'ok' | 'warn' | 'fail';
  readonly detail: string;
  /** What to do, where it is not ok. */
  readonly fix: string | null;
}
