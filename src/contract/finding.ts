/** One finding of `mirolive doctor`. */
export interface Finding {
  readonly check: string;
  /** `warn`: works, could be better; `fail`: something will not work. */
  readonly state: 'ok' | 'warn' | 'fail';
  readonly detail: string;
  /** What to do, where it is not ok. */
  readonly fix: string | null;
}
