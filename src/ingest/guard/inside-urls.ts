import { MiroliveError } from '../../contract/errors.ts';
import type { Destination } from './network.ts';

/** Hosts with their ports of one opening; a playlist over many servers names a dozen. */
const maxServers = 10_000;
/** Nobody's name is longer (RFC 1035, section 2.3.4), nor what stands before it in an address with a password. */
const maxName = 253;
const maxBeginning = 2000;

/**
 * ffmpeg speaks plain HTTP to the guard, which speaks TLS outside: inside, an https address is an http one of the same host
 * and port. Which of them are behind TLS is remembered, as no port speaks both.
 */
export class InsideUrls {
  readonly #secure = new Set<string>();
  /** The beginnings of https addresses, as they were found in playlists, with what is told instead; null: they are none. */
  readonly #beginnings = new Map<string, string | null>();

  /** What ffmpeg is told instead of an address; null: it is none of HTTP. */
  inside(address: string, base?: string): string | null {
    const url = URL.parse(address, base);
    if (url?.protocol === 'http:') return url.href;
    if (url?.protocol !== 'https:' || url.hostname.length > maxName) return null;
    const port = url.port || '443';
    this.#secure.add(copyOf(`${url.hostname}:${port}`));
    this.#limit(this.#secure.size);
    url.protocol = 'http:';
    url.port = port;
    return url.href;
  }

  /** Where a request of ffmpeg goes, by the host and port in its address; null: it is none. */
  destination(authority: string): Destination | null {
    const url = URL.parse(`http://${authority}`);
    if (!url) return null;
    const port = url.port || '80';
    const tls = this.#secure.has(`${url.hostname}:${port}`);
    return { host: url.hostname.replace(/^\[|\]$/g, ''), port: Number(port), tls };
  }

  /**
   * An HLS playlist as ffmpeg may read it. What is no full address, such as `https:a`, stays: ffmpeg opens none of https.
   *
   * @throws MiroliveError SOURCE_UNREACHABLE where it names too many servers
   */
  playlist(text: string): string {
    return named(text).replace(
      /(^|URI=")(https:\/\/[^\s"/?#]*)/gim,
      (whole, before: string, beginning: string) => {
        const inside = this.#insideOf(beginning);
        return inside === null ? whole : before + inside;
      },
    );
  }

  /** Servers are few, lines may be many: each beginning is read once. */
  #insideOf(beginning: string): string | null {
    const known = this.#beginnings.get(beginning);
    if (known !== undefined || beginning.length > maxBeginning) return known ?? null;
    // With the slash that a URL has behind its host, which is in the text already, or is not needed.
    const inside = this.inside(beginning)?.replace(/\/$/, '') ?? null;
    this.#beginnings.set(copyOf(beginning), inside);
    this.#limit(this.#beginnings.size);
    return inside;
  }

  #limit(servers: number): void {
    if (servers > maxServers)
      throw new MiroliveError(
        'SOURCE_UNREACHABLE',
        `a playlist of more than ${maxServers} servers is not taken`,
      );
  }
}

/**
 * A playlist whose segments are named so that ffmpeg takes them: its `extension_picky`, which cannot be switched off for what may
 * be no HLS, wants a known ending. What stands behind `#` is sent to no server.
 */
function named(text: string): string {
  if (!/^#EXTINF:/m.test(text)) return text;
  return text
    .replace(/^[^#\s][^#\r\n]*$/gm, (line) => `${line.trimEnd()}#.ts`)
    .replace(/^(#EXT-X-MAP:.*URI="[^"#]*)"/gm, '$1#.mp4"');
}

/** V8 holds the whole of a text for as long as a part of it is held. */
function copyOf(part: string): string {
  return Buffer.from(part).toString();
}
