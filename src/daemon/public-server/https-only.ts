import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Config } from '../../contract/config.ts';

export interface HttpsOnlyOptions {
  readonly http: Pick<Config['http'], 'publicUrl' | 'tls'>;
  /** A proxy has had TLS with the client. */
  readonly isProxy: (address: string) => boolean;
  /** That of HTTPS. */
  readonly port: () => number | null;
}

/** For `onRequest`: sends whoever comes without TLS to where it is, but for who looks after the daemon or stands before it; and tells browsers to stay there, where they came by the usual port. */
export function httpsOnly({ http, isProxy, port }: HttpsOnlyOptions) {
  return async (request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply | undefined> => {
    const { socket, url = '/', headers } = request.raw;
    const { hsts } = http.tls;
    if ('encrypted' in socket && socket.encrypted) {
      if (hsts > 0 && isUsualPort(request.host))
        reply.header('strict-transport-security', `max-age=${Math.round(hsts / 1000)}`);
      return undefined;
    }
    if (isProxy(socket.remoteAddress ?? '') || url === '/healthz' || url === '/readyz') return undefined;
    const origin = secureOrigin(headers.host ?? '', http.publicUrl, port());
    if (origin === null) return reply.code(400).type('text/plain').send('expected a host\n');
    // Browsers would keep it for good: where HTTPS is may change.
    return reply.header('cache-control', 'no-store').redirect(origin + url, 308);
  };
}

/** Whether browsers come to a host by the port that HTTPS has everywhere: they keep it for all ports of the name that they do not come back by HTTP alone, and would find no plain service there any more. */
export function isUsualPort(host: string): boolean {
  return URL.parse(`https://${host}`)?.port === '';
}

/** Where viewers are sent who came to this host: the public address where that has TLS, else the same host; null: what they name is none. */
export function secureOrigin(host: string, publicUrl: string | null, port: number | null): string | null {
  if (publicUrl?.startsWith('https:')) return new URL(publicUrl).origin;
  const wanted = URL.parse(`https://${host}`);
  const isHost = wanted !== null && wanted.host !== '' && /^[\w.:[\]-]+$/.test(host);
  if (!isHost) return null;
  wanted.port = String(port ?? '');
  return wanted.origin;
}
