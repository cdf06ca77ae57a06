import type { Packet } from './pcap.ts';

/** One direction of a TCP connection, from its beginning. */
export interface TcpFlow {
  readonly from: number;
  readonly to: number;
  readonly data: Buffer;
  /** When all bytes of `data` before `upTo` were there, in ms; in order. */
  readonly arrivals: readonly { readonly upTo: number; readonly atMs: number }[];
}

/** The directions of TCP connections that were opened while packets were captured. */
export function tcpFlows(packets: readonly Packet[]): TcpFlow[] {
  const flows: FlowBuilder[] = [];
  const open = new Map<string, FlowBuilder>();
  for (const packet of packets) {
    if (packet.protocol !== 'tcp') continue;
    const name = `${packet.from} ${packet.to}`;
    if (packet.opens) {
      const flow = new FlowBuilder(packet);
      open.set(name, flow);
      flows.push(flow);
    } else open.get(name)?.add(packet);
  }
  return flows.map((flow) => flow.built());
}

class FlowBuilder {
  readonly #first: Packet;
  readonly #parts: Buffer[] = [];
  readonly #arrivals: { upTo: number; atMs: number }[] = [];
  #length = 0;

  constructor(first: Packet) {
    this.#first = first;
  }

  add({ sequence, data, atMs }: Packet): void {
    // Behind the one number that the opening takes. Loopback loses and reorders nothing, but may repeat.
    const at = (sequence - this.#first.sequence - 1) >>> 0;
    const known = this.#length - at;
    if (known < 0 || known >= data.length) return;
    this.#parts.push(data.subarray(known));
    this.#length += data.length - known;
    this.#arrivals.push({ upTo: this.#length, atMs });
  }

  built(): TcpFlow {
    const { from, to } = this.#first;
    return { from, to, data: Buffer.concat(this.#parts), arrivals: this.#arrivals };
  }
}
