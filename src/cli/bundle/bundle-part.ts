/** A file of a bundle: what it is called, and how to have what is in it. */
export interface BundlePart {
  readonly name: string;
  /** @throws why it cannot be had, in one sentence */
  readonly get: () => Promise<unknown>;
}

/** What became of a part. */
export type Gathered =
  | { readonly name: string; readonly text: string }
  | { readonly name: string; readonly missing: string };
