import { rtcpMessages } from './rtcp.ts';

/** RTCP sender report (RFC 3550, 6.4.1). */
const senderReport = 200;

/** What a sender report says: the same moment on two clocks. */
export interface SenderReport {
  readonly ssrc: number;
  /** The sender's wall clock, in µs since 1900. */
  readonly ntpUs: number;
  /** The stream's own clock, in its ticks. */
  readonly timestamp: number;
}

/** The sender reports of a compound RTCP message. Anything malformed ends the reading, never throws. */
export function senderReports(rtcp: Buffer): SenderReport[] {
  return [...rtcpMessages(rtcp)]
    .filter(({ type, data }) => type === senderReport && data.length >= 28)
    .map(({ data }) => ({
      ssrc: data.readUInt32BE(4),
      ntpUs: data.readUInt32BE(8) * 1e6 + Math.round((data.readUInt32BE(12) / 2 ** 32) * 1e6),
      timestamp: data.readUInt32BE(16),
    }));
}
