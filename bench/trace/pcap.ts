/** A packet on loopback. */
export interface Packet {
  /** The wall clock at which the kernel handed it over, in ms since 1970, with fractions. */
  readonly atMs: number;
  readonly protocol: 'tcp' | 'udp';
  readonly from: number;
  readonly to: number;
  /** TCP's number of the first byte of `data`; 0 for UDP. */
  readonly sequence: number;
  /** Whether it opens a TCP connection in its direction. */
  readonly opens: boolean;
  /** What was captured of its content. */
  readonly data: Buffer;
  /** All of its content, captured or not. */
  readonly bytes: number;
}

const [fileHeadBytes, packetHeadBytes, ethernetBytes, udpHeadBytes] = [24, 16, 14, 8];
/** Marks of a file with times in µs and in ns, in the order of this machine's bytes (pcap-savefile(5)). */
const [microseconds, nanoseconds] = [0xa1b2c3d4, 0xa1b23c4d];
const [ipv4, tcp, udp, syn] = [0x0800, 6, 17, 2];

/** What tcpdump wrote of a loopback interface; what is neither TCP nor UDP over IPv4 is left out, and so is a cut end. */
export function packetsOf(file: Buffer): Packet[] {
  const mark = file.length < fileHeadBytes ? 0 : file.readUInt32LE(0);
  if (mark !== microseconds && mark !== nanoseconds)
    throw new Error('expected a capture of tcpdump, got something else');
  const unitsPerMs = mark === microseconds ? 1e3 : 1e6;
  const packets: Packet[] = [];
  for (let offset = fileHeadBytes; offset + packetHeadBytes <= file.length; ) {
    const atMs = file.readUInt32LE(offset) * 1000 + file.readUInt32LE(offset + 4) / unitsPerMs;
    const end = offset + packetHeadBytes + file.readUInt32LE(offset + 8);
    if (end > file.length) break;
    const packet = packetOf(atMs, file.subarray(offset + packetHeadBytes, end));
    if (packet) packets.push(packet);
    offset = end;
  }
  return packets;
}

function packetOf(atMs: number, frame: Buffer): Packet | undefined {
  if (frame.length < ethernetBytes + 28 || frame.readUInt16BE(12) !== ipv4) return undefined;
  const internet = frame.subarray(ethernetBytes);
  const protocol = internet.readUInt8(9);
  // What the capture cut off still counts in the header, so the length is the lesser of both.
  const end = Math.min(internet.length, internet.readUInt16BE(2));
  const inner = internet.subarray((internet.readUInt8(0) & 0xf) * 4, end);
  const ports = { atMs, from: inner.readUInt16BE(0), to: inner.readUInt16BE(2) };
  if (protocol === udp) {
    const [data, bytes] = [inner.subarray(udpHeadBytes), inner.readUInt16BE(4) - udpHeadBytes];
    return { ...ports, protocol: 'udp', sequence: 0, opens: false, data, bytes };
  }
  if (protocol !== tcp || inner.length < 20) return undefined;
  const opens = (inner.readUInt8(13) & syn) !== 0;
  const data = inner.subarray((inner.readUInt8(12) >> 4) * 4);
  return { ...ports, protocol: 'tcp', sequence: inner.readUInt32BE(4), opens, data, bytes: data.length };
}
