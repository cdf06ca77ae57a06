import type { Packet } from './pcap.ts';

/** What of an RTP stream bears one time stamp: a picture, or a packet of sound. */
export interface RtpUnit {
  readonly timestamp: number;
  readonly firstAtMs: number;
  readonly lastAtMs: number;
  /** Of all its packets, without their fixed heads. */
  readonly bytes: number;
}

/** One SSRC on its way between two ports. */
export interface RtpStreamSeen {
  readonly from: number;
  readonly to: number;
  /** In order of their first packets. */
  readonly units: readonly RtpUnit[];
}

const headBytes = 12;
/** Version 2, and whatever else stands in the first byte (RFC 3550, 5.1). */
const [firstVersion, lastVersion] = [0x80, 0xbf];
/** Payload types that RTCP's types would be where both share a port (RFC 5761, 4). */
const [firstRtcp, lastRtcp] = [64, 95];

/** The RTP streams among packets; SRTP's too, whose heads are in the clear. */
export function rtpStreams(packets: readonly Packet[]): RtpStreamSeen[] {
  const streams = new Map<string, RtpStreamSeen & { readonly byTime: Map<number, RtpUnit> }>();
  for (const { protocol, from, to, atMs, data, bytes } of packets) {
    if (protocol !== 'udp' || data.length < headBytes) continue;
    const [first, type] = [data.readUInt8(0), data.readUInt8(1) & 0x7f];
    if (first < firstVersion || first > lastVersion || (type >= firstRtcp && type <= lastRtcp)) continue;
    const name = `${from} ${to} ${data.readUInt32BE(8)}`;
    const timestamp = data.readUInt32BE(4);
    const { byTime } = streams.get(name) ?? { byTime: new Map<number, RtpUnit>() };
    const before = byTime.get(timestamp);
    const firstAtMs = before?.firstAtMs ?? atMs;
    const sum = (before?.bytes ?? 0) + bytes - headBytes;
    byTime.set(timestamp, { timestamp, firstAtMs, lastAtMs: atMs, bytes: sum });
    streams.set(name, { from, to, byTime, units: [] });
  }
  return [...streams.values()].map(({ from, to, byTime }) => ({ from, to, units: [...byTime.values()] }));
}
