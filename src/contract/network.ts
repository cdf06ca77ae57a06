/** A network of IPv4 or IPv6: addresses that begin with the same bits. */
export interface Network {
  /** As it is written: `192.0.2.4`, `192.0.2.0/24`, `2001:db8:1:2::/64`. */
  readonly text: string;
  readonly family: 4 | 6;
  /** How many bits it is told by; of IPv6 at most 64. */
  readonly prefix: number;
  /** Those bits. */
  readonly bits: bigint;
}

const width = { 4: 32, 6: 128 } as const;
/** Whoever has an IPv6 address has its /64. */
const wholeOfIpv6 = 64;

/** Reads an address, or a network such as `192.0.2.0/24`; an IPv6 address, or what is smaller than its /64, stands for that. null: it is neither. */
export function readNetwork(text: string): Network | null {
  const [, address = '', given] = /^([^/]*)(?:\/(\d{1,3}))?$/.exec(text) ?? [];
  const read = readAddress(address);
  if (read === null) return null;
  const { family, value } = read;
  const asked = given === undefined ? width[family] : Number(given);
  if (asked > width[family]) return null;
  const prefix = family === 6 ? Math.min(asked, wholeOfIpv6) : asked;
  const bits = value >> BigInt(width[family] - prefix);
  return { text: written(family, prefix, bits), family, prefix, bits };
}

/** An address, by all of its bits. */
export interface Address extends Pick<Network, 'family'> {
  readonly value: bigint;
}

/** Whether an address is in a network; what is no address is in none. */
export function isInNetwork({ family, prefix, bits }: Network, address: Address | null): boolean {
  return address?.family === family && address.value >> BigInt(width[family] - prefix) === bits;
}

/** The network of this width that an address is in; null: it is of the other family. */
export function networkIn(
  { family, value }: Address,
  wanted: Pick<Network, 'family' | 'prefix'>,
): Omit<Network, 'text'> | null {
  if (family !== wanted.family) return null;
  const { prefix } = wanted;
  return { family, prefix, bits: value >> BigInt(width[family] - prefix) };
}

/** Reads an address; one of IPv4 that is written as IPv6 is one of IPv4. null: it is none. */
export function readAddress(text: string): Address | null {
  const ipv4 = /^(?:::ffff:)?(\d{1,3}(?:\.\d{1,3}){3})$/i.exec(text)?.[1];
  if (ipv4 !== undefined) {
    const parts = ipv4.split('.').map(Number);
    if (parts.some((part) => part > 255)) return null;
    return { family: 4, value: parts.reduce((sum, part) => (sum << 8n) | BigInt(part), 0n) };
  }
  const [head = '', tail, ...more] = text.split('::');
  if (!text.includes(':') || more.length > 0) return null;
  const groups = (part: string) => (part === '' ? [] : part.split(':'));
  const [first, last] = [groups(head), groups(tail ?? '')];
  const missing = 8 - first.length - last.length;
  if (tail === undefined ? missing !== 0 : missing < 1) return null;
  const all = [...first, ...Array.from({ length: missing }, () => '0'), ...last];
  if (!all.every((group) => /^[0-9a-f]{1,4}$/i.test(group))) return null;
  return { family: 6, value: BigInt(`0x${all.map((group) => group.padStart(4, '0')).join('')}`) };
}

function written(family: 4 | 6, prefix: number, bits: bigint): string {
  const value = bits << BigInt(width[family] - prefix);
  const parts = (count: number, size: bigint, base: number) =>
    Array.from({ length: count }, (_, place) =>
      ((value >> (size * BigInt(count - 1 - place))) & ((1n << size) - 1n)).toString(base),
    );
  if (family === 4) return `${parts(4, 8n, 10).join('.')}${prefix === 32 ? '' : `/${prefix}`}`;
  // Nothing stands behind its first four groups.
  return `${parts(8, 16n, 16)
    .slice(0, 4)
    .join(':')
    .replace(/(?:(?:^|:)0)+$/, '')}::/${prefix}`;
}
