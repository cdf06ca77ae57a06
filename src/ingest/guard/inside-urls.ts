import type { Destination } from './network.ts';

/**
 * ffmpeg speaks plain HTTP to the guard, which speaks TLS outside: inside, an https address is an http one of the same host
 * and port. Which of them are behind TLS is remembered, as no port speaks both.
 */
export class InsideUrls {
  readonly #secure = new Set<string>();

  /** What ffmpeg is told instead of an address; null: it is none of HTTP. */
  inside(address: string, base?: string): string | null {
    const url = URL.parse(address, base);
    if (url?.protocol === 'http:') return url.href;
    if (url?.protocol !== 'https:') return null;
    const port = url.port || '443';
    this.#secure.add(`${url.hostname}:${port}`);
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

  /** An HLS playlist as ffmpeg may read it. */
  playlist(text: string): string {
    return text.replace(
      /(^|URI=")(https:[^\s"]*)/gim,
      (whole, before: string, address: string) => before + (this.inside(address) ?? whole),
    );
  }
}
