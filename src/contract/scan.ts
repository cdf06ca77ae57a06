import * as z from 'zod';

/** What is found in a file before it is on air. `damaged`: it cannot be decoded as it is, or nothing comes. */
export const scanKinds = ['black', 'silent', 'frozen', 'damaged'] as const;
export type ScanKind = (typeof scanKinds)[number];

/** So many are listed, those that would be told on air before others. */
export const maxScanFindings = 1000;

const placeMs = z.int().min(0);

/** A stretch of a file on its own time line. */
export const scanFinding = z.strictObject({
  kind: z.enum(scanKinds),
  fromMs: placeMs,
  toMs: placeMs,
  /** It is as long as `content.*` allows, so that it would be told on air; what is damaged always is. */
  told: z.boolean(),
  /** Of what is damaged, what ffmpeg says of it first. */
  words: z.string().nullable(),
});
export type ScanFinding = Readonly<z.infer<typeof scanFinding>>;

/** What a whole file is like. */
export const scanReport = z.strictObject({
  path: z.string(),
  /** As its container says; null: it does not. */
  durationMs: placeMs.nullable(),
  /** How far something came. */
  scannedMs: placeMs,
  /** In their order. */
  findings: z.array(scanFinding).max(maxScanFindings).readonly(),
  /** So many more were found. */
  leftOut: z.int().min(0),
  /** By EBU R128, as viewers hear it; null: it has no sound. */
  loudness: z
    .strictObject({
      /** null: nothing of it is loud enough to be heard. */
      integratedLufs: z.number().nullable(),
      truePeakDb: z.number().nullable(),
      rangeLu: z.number(),
    })
    .nullable(),
  /** null: it has no picture. */
  keyFrames: z
    .strictObject({
      count: z.int().min(0),
      /** From one to the next, and to the end; null: there is none. */
      longestMs: z.number().nullable(),
      meanMs: z.number().nullable(),
    })
    .nullable(),
});
export type ScanReport = Readonly<z.infer<typeof scanReport>>;

/** What is told while a file is read: how far it is, then what was found, or why it was given up. */
export const scanLine = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('progress'), atMs: placeMs, durationMs: placeMs.nullable() }),
  z.strictObject({ type: z.literal('done'), report: scanReport }),
  z.strictObject({
    type: z.literal('failed'),
    error: z.strictObject({ code: z.string(), message: z.string(), hint: z.string() }),
  }),
]);
export type ScanLine = Readonly<z.infer<typeof scanLine>>;
