import * as z from 'zod';

/** Something that gives pictures or sound, by what `--device` and `--audio-device` take. */
const device = z.strictObject({
  /** Such as `/dev/video0` or `alsa:hw:0,0`. */
  device: z.string(),
  /** What its maker calls it. */
  name: z.string(),
});

const x11Display = z.strictObject({
  /** Such as `:0`. */
  display: z.string(),
  /** In pixels; null: not known. */
  width: z.int().nullable(),
  height: z.int().nullable(),
});

const x11Window = z.strictObject({
  display: z.string(),
  /** Such as 0x3e00007. */
  id: z.string(),
  title: z.string(),
  /** In pixels. */
  width: z.int(),
  height: z.int(),
});
export type X11Window = z.infer<typeof x11Window>;

/** Of a standard input: unguessable, so that nobody else writes into it or has it played. */
export const stdinToken = z.string().regex(/^[a-z0-9]{10,40}$/);

/** Where a client writes a container into, to be played as a source of kind `stdin`. */
export const stdinPlace = z.strictObject({
  /** A Unix socket that takes one connection, within 30 s. */
  path: z.string(),
  token: z.string(),
});
export type StdinPlace = z.infer<typeof stdinPlace>;

/** Of each kind; whoever may make windows and displays makes as many as he likes. */
export const maxListed = 10_000;

/** What the daemon's machine can put on air of its own. */
export const devices = z.strictObject({
  cameras: z.array(device).max(maxListed),
  sounds: z.array(device).max(maxListed),
  displays: z.array(x11Display).max(maxListed),
  windows: z.array(x11Window).max(maxListed),
  /** What could not be looked for, and why. */
  notes: z.array(z.string()).max(maxListed),
});
export type Devices = z.infer<typeof devices>;
