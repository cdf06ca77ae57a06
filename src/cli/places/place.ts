/** A daemon of this machine. */
export interface SocketPlace {
  readonly kind: 'socket';
  readonly path: string;
}

/** A daemon of any machine. */
export interface HostPlace {
  readonly kind: 'host';
  readonly host: string;
  readonly port: number;
  /** Of its API; null: none is given, and the daemon will say what it thinks of that. */
  readonly token: string | null;
  /** The SHA-256 print of its certificate, in hexadecimal digits alone; null: authorities that this machine trusts vouch for it. */
  readonly fingerprint: string | null;
}

/** Where a daemon is asked. */
export type Place = SocketPlace | HostPlace;

/** The port where nobody names one. */
export const usualPort = 9443;

/** A host and its port as people write them; null: it is neither. */
export function parseHost(text: string): Pick<HostPlace, 'host' | 'port'> | null {
  const [, inBrackets, name, digits = `${usualPort}`] =
    /^(?:\[([0-9a-f:.]+(?:%[\w.-]+)?)\]|([\w.-]+))(?::(\d{1,5}))?$/i.exec(text) ?? [];
  // IPv6 without brackets has no port.
  const host = inBrackets ?? name ?? (/^[0-9a-f:.]*:[0-9a-f:.]*:[0-9a-f:.]*$/i.test(text) ? text : undefined);
  const port = Number(digits);
  return host === undefined || port < 1 || port > 65_535 ? null : { host, port };
}

/** How a place is named in sentences. */
export function placeName(place: Place): string {
  if (place.kind === 'socket') return place.path;
  const { host, port } = place;
  return `${host.includes(':') ? `[${host}]` : host}:${port}`;
}
