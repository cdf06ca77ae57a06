import type * as z from 'zod';
import { absolutePath, port } from './config-section.ts';

/** Keys of a section that serves with TLS beside what it serves without: a port, and the certificate that it shows there. */
export const servedTls = {
  /** null: it does not. */
  port: port.nullable().default(null),
  /** Path of the certificate with its chain, PEM. */
  cert: absolutePath.nullable().default(null),
  /** Path of its private key, PEM. */
  key: absolutePath.nullable().default(null),
};

/** Has a port and a certificate with its key stand together, or none of them. @param what is served there, such as RTMPS */
export function together(what: string, example: number) {
  return (
    tls: { port: number | null; cert: string | null; key: string | null },
    context: z.RefinementCtx,
  ): void => {
    if (tls.port === null && (tls.cert !== null || tls.key !== null)) {
      const message = `expected a port, such as ${example}, for ${what} with this certificate`;
      context.addIssue({ code: 'custom', path: ['port'], message });
    }
    for (const name of ['cert', 'key'] as const) {
      if (tls.port === null || tls[name] !== null) continue;
      context.addIssue({ code: 'custom', path: [name], message: `expected an absolute path, for ${what}` });
    }
  };
}
