import ipaddr from 'ipaddr.js';
import type { Guard } from '../../guard/guard.ts';
import { containers, only } from '../containers.ts';
import { type Input, plainInput } from '../input.ts';
import { authority, checkListening, queryOptions, type SourceAddress } from './address.ts';
import { addressFailure } from './failure.ts';
import { liveAnalysis, toldAside } from './told-aside.ts';

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

const number = /^\d{1,12}$/;
const srtOptions: Readonly<Record<string, RegExp>> = {
  mode: /^(caller|listener)$/,
  streamid: /^.{1,512}$/,
  passphrase: /^.{10,79}$/,
  pbkeylen: /^(16|24|32)$/,
  ...{ latency: number, rcvlatency: number, peerlatency: number, maxbw: number, lossmaxttl: number },
  ...{ mss: number, connect_timeout: number, tlpktdrop: /^[01]$/, transtype: /^(live|file)$/ },
};

/**
 * SRT: calls a server at the very address that was checked, as nothing in SRT leads elsewhere, or (`mode=listener`) waits
 * on a port of this machine for whoever calls.
 */
export async function srtInput(address: SourceAddress, guard: Guard): Promise<Input> {
  const options = queryOptions(address, srtOptions);
  const listens = address.query.get('mode') === 'listener';
  if (listens) checkListening(address, { groups: false });
  const [called] = listens ? [] : await guard.addresses(address.host);
  const location = `srt://${authority({ host: called?.address ?? address.host, port: address.port })}`;
  const told = toldAside({
    ...{ location, protocols: ['srt'], formats: containers },
    options: [...options, '-timeout', silence],
  });
  return plainInput(told.parts, {
    // Who is called may be called a second time beside the first.
    ...{ live: true, measurable: listens, container: 'mpegts', aside: told.aside },
    called: {
      ...{ location, path: `srt://${authority(address)}` },
      secrets: [...address.query.getAll('passphrase'), ...address.query.getAll('streamid')],
    },
    explain: (words) => addressFailure(address, words),
  });
}
