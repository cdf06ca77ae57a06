import ipaddr from 'ipaddr.js';
import { only } from '../containers.ts';
import { type Input, plainInput } from '../input.ts';
import { authority, checkListening, queryOptions, type SourceAddress } from './address.ts';
import { addressFailure } from './failure.ts';
import { liveAnalysis } from './told-aside.ts';

/** No packet for so long ends ffmpeg, in µs. */
const silence = '10000000';
/** The kernel's buffer, in bytes, and ffmpeg's own, in packets of 188 bytes: half a second of 50 Mbit/s, and ten times that. */
const kernelBuffer = '3000000';
const ffmpegBuffer = '150000';

/**
 * MPEG-TS in UDP, from whoever sends to a port of this machine or to a multicast group. Nothing is sent, so no address
 * is refused but those that are nobody's to listen on.
 */
export function udpInput(address: SourceAddress): Input {
  checkListening(address, { groups: true });
  const group = ipaddr.process(address.host).range() === 'multicast';
  // ffmpeg takes a single address of this machine for the sender's, and would listen on all.
  const local = group ? [] : ['-localaddr', address.host];
  const options = [
    ...only(['udp'], ['mpegts']),
    ...['-timeout', silence, '-buffer_size', kernelBuffer, '-fifo_size', ffmpegBuffer],
    ...['-overrun_nonfatal', '1', ...local, ...liveAnalysis],
    ...queryOptions(address, { localaddr: /^[\da-f.:]+$/i, sources: /^[\da-f.:,]+$/i }),
  ];
  return plainInput([{ options, location: `udp://${authority(address)}` }], {
    ...{ live: true, measurable: true },
    explain: (words) => addressFailure(address, words),
  });
}
