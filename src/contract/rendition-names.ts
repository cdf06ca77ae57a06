/** Layers of one broadcast at most: each costs its encoder, and viewers tell no more apart. */
export const maxRenditions = 3;

/** The shorter side of each named rendition, in pixels, from the largest; `source` is as large as what comes in. */
export const renditionPixels = {
  source: Number.POSITIVE_INFINITY,
  '1080p': 1080,
  '720p': 720,
  '480p': 480,
  '360p': 360,
  '240p': 240,
} as const;

/** What a rendition is called. */
export type RenditionName = keyof typeof renditionPixels;
export const renditionNames = Object.keys(renditionPixels) as RenditionName[];

/** The renditions that are wanted, or `auto`: as many as the source's size and this machine's processors allow. */
export type Renditions = 'auto' | readonly RenditionName[];

/** What to write. */
export const renditionsHint = `expected auto, or up to ${maxRenditions} of ${renditionNames.join(', ')}, each once`;

/** Reads what people write: `auto`, `source`, `source,480p,240p`, in any order, each once; undefined where it is none of these. */
export function readRenditions(text: string): Renditions | undefined {
  if (text === 'auto') return text;
  const names = text.split(',').map((name) => name.trim()) as RenditionName[];
  const known = names.every((name) => renditionNames.includes(name));
  return known && names.length <= maxRenditions && areDifferent(names) ? largestFirst(names) : undefined;
}

/** Names from the largest to the smallest. */
export function largestFirst(names: readonly RenditionName[]): RenditionName[] {
  return names.toSorted((a, b) => renditionPixels[b] - renditionPixels[a]);
}

/** Whether each name is there once. */
export function areDifferent(names: readonly RenditionName[]): boolean {
  return new Set(names).size === names.length;
}
