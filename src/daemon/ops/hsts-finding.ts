import type { Config } from '../../contract/config.ts';
import type { Finding } from '../../contract/finding.ts';

const check = 'HSTS';

/** Whether what browsers keep of `http.tls.hsts`, which is for all ports of a name, fits the ports that there are; null: they are told nothing. Pure. */
export function hstsFinding({
  port,
  publicUrl,
  tls,
}: Pick<Config['http'], 'port' | 'publicUrl' | 'tls'>): Finding | null {
  if (tls.hsts === 0 || tls.port === null) return null;
  const isForwarded = publicUrl?.startsWith('https:') === true && new URL(publicUrl).port === '';
  if (tls.port !== 443 && !isForwarded)
    return {
      ...{ check, state: 'warn' },
      detail: `http.tls.hsts is told to nobody who comes by port ${tls.port}: browsers keep it for all ports of the name, where plain services would be lost`,
      fix: 'Set http.tls.port to 443, or http.publicUrl where 443 is led here; else leave http.tls.hsts out',
    };
  if (port !== 80 && !isForwarded)
    return {
      ...{ check, state: 'warn' },
      detail: `browsers that know http.tls.hsts come to http.port ${port} by HTTPS, which is not there`,
      fix: 'Set http.port to 80, or leave http.tls.hsts out',
    };
  const detail = 'browsers keep it for all ports of the name: no plain service is reached there by its name';
  return { check, state: 'ok', detail, fix: null };
}
