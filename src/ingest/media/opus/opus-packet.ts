/** Length of one frame in µs by the configuration's place in its group (RFC 6716, table 2): SILK, hybrid, CELT. */
const frameUs = {
  silk: [10_000, 20_000, 40_000, 60_000],
  hybrid: [10_000, 20_000],
  celt: [2500, 5000, 10_000, 20_000],
} as const;
/** A packet is never longer than this, in µs (RFC 6716, 3.2.5). */
const maxUs = 120_000;

/** How long an Opus packet lasts, in µs, by its first bytes (RFC 6716, 3.1); an empty one is taken for 20 ms. */
export function opusDurationUs(packet: Buffer): number {
  const [head, count = 0] = packet;
  if (head === undefined) return 20_000;
  const config = head >> 3;
  const group = config < 12 ? frameUs.silk : config < 16 ? frameUs.hybrid : frameUs.celt;
  const each = group[config % group.length] as number;
  const frames = [1, 2, 2, count & 0x3f][head & 3] as number;
  return Math.min(maxUs, each * Math.max(1, frames));
}

/** The configurations of CELT in full band, stereo, by the length of a frame in µs. */
const celtHeads = new Map([
  [2500, 0xe4],
  [5000, 0xec],
  [10_000, 0xf4],
  [20_000, 0xfc],
]);
/** CELT's silence flag, the first symbol (RFC 6716, 4.3), which these decode to. */
const silentFrame = [0xff, 0xfe];

/** Silence of 20 ms in stereo. */
export const silentPacket = Buffer.from([0xfc, ...silentFrame]);

/** Silence as long as a packet: one frame, or as many of 20 ms as it takes. */
export function silentAs(packet: Buffer): Buffer {
  const us = opusDurationUs(packet);
  const head = celtHeads.get(us);
  if (us === 20_000) return silentPacket;
  if (head !== undefined) return Buffer.from([head, ...silentFrame]);
  const [each, frames] = us % 20_000 === 0 ? [0xff, us / 20_000] : [0xf7, Math.ceil(us / 10_000)];
  return Buffer.from([each, frames, ...Array.from({ length: frames }, () => silentFrame).flat()]);
}
