import { isIP } from 'node:net';

/** Two ports or channels: that of the media, that of its reports. */
export type Pair = readonly [media: number, reports: number];

/** How a server sends, as it answers (RFC 2326, 12.39). */
export interface Transport {
  readonly inside: boolean;
  /** To a group, not to us alone. */
  readonly multicast: boolean;
  readonly interleaved: Pair | null;
  readonly serverPorts: Pair | null;
  /** The address that it sends from, by its own words. */
  readonly source: string | null;
}

/** Reads the header `Transport`; of several ways, the first. */
export function readTransport(text: string): Transport {
  const [protocol = '', ...parameters] = (text.split(',')[0] ?? '').split(';').map((part) => part.trim());
  const values = new Map(
    parameters.map((part) => {
      const [name = '', value = ''] = part.split(/=(.*)/s);
      return [name.trim().toLowerCase(), value.trim().replace(/^"(.*)"$/, '$1')];
    }),
  );
  const source = values.get('source')?.replace(/^\[(.*)\]$/, '$1') ?? '';
  return {
    inside: /\/TCP$/i.test(protocol),
    multicast: values.has('multicast'),
    interleaved: readPair(values.get('interleaved'), 0xff),
    serverPorts: readPair(values.get('server_port'), 0xffff, 1),
    source: isIP(source) === 0 ? null : source,
  };
}

/** Asks for packets inside of the connection, or says that they come so. */
export function insideTransport([media, reports]: Pair): string {
  return `RTP/AVP/TCP;unicast;interleaved=${media}-${reports}`;
}

/** Asks for packets by UDP. */
export function udpTransport([media, reports]: Pair): string {
  return `RTP/AVP;unicast;client_port=${media}-${reports}`;
}

/** `6970-6971`; of a single one the other is the next. */
function readPair(text: string | undefined, most: number, least = 0): Pair | null {
  const [, first, second] = /^(\d{1,5})(?:-(\d{1,5}))?$/.exec(text ?? '') ?? [];
  if (first === undefined) return null;
  const pair = [Number(first), second === undefined ? Number(first) + 1 : Number(second)] as const;
  return pair.every((one) => one >= least && one <= most) ? pair : null;
}
