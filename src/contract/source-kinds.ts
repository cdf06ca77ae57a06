/** Where media may come from, by its kind. */
export const sourceKinds = [
  'file',
  'url',
  'publisher',
  'device',
  'screen',
  'window',
  'test',
  'stdin',
  'slate',
  'card',
  'folder',
  'playlist',
] as const;
export type SourceKind = (typeof sourceKinds)[number];

/** Names of the pictures that can be made up. */
export const testPatterns = ['bars', 'clock', 'motion', 'black'] as const;
