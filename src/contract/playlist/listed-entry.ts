/** A file or an address in a list; `title` is empty where it has none. */
export interface ListedEntry {
  /** 1 the first. */
  readonly line: number;
  readonly address: string;
  readonly title: string;
}

/** What is wrong with a line, 1 the first. */
export interface ListProblem {
  readonly line: number;
  readonly message: string;
}
