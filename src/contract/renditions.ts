import { z } from 'zod';

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
export const renditionName = z.enum(Object.keys(renditionPixels) as (keyof typeof renditionPixels)[]);
export type RenditionName = z.infer<typeof renditionName>;

/** The renditions that are wanted, or `auto`: as many as the source's size and this machine's processors allow. */
export const renditions = z.union([z.literal('auto'), z.array(renditionName).min(1).max(maxRenditions)]);
export type Renditions = z.infer<typeof renditions>;

const hint = `expected auto, or up to ${maxRenditions} of ${renditionName.options.join(', ')}`;

/** The same as people write it: `auto`, `source`, `source,480p,240p`. */
export const renditionsText = z
  .string(hint)
  .transform((text) => (text === 'auto' ? text : text.split(',').map((name) => name.trim())))
  .refine((value) => renditions.safeParse(value).success, hint)
  .pipe(renditions);
