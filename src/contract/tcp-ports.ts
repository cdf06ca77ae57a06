/** A port that the configuration names, with the key that names it. */
interface NamedPort {
  readonly path: readonly string[];
  readonly port: number;
  /** null: all addresses of this machine. */
  readonly host: string | null;
}

/** The sections of the configuration that name ports. */
interface PortsOf {
  readonly control: { readonly tls: { readonly host: string; readonly port: number | null } };
  readonly http: {
    readonly host: string;
    readonly port: number;
    readonly tls: { readonly port: number | null };
  };
  readonly rtmp: {
    readonly enabled: boolean;
    readonly host: string;
    readonly port: number;
    readonly tls: { readonly port: number | null };
  };
  readonly metrics?: { readonly enabled: boolean; readonly host: string; readonly port: number } | undefined;
  readonly webrtc: { readonly port: number; readonly listen?: readonly string[] | null | undefined };
}

/** TCP ports that one daemon could not open both: the key of the second, and the one that has it already. Port 0 is any free one. */
export function portClashes(config: PortsOf): { path: readonly string[]; port: number; other: string }[] {
  const ports = portsOf(config).filter(({ port }) => port !== 0);
  return ports.flatMap(({ path, port, host }, index) => {
    const other = ports.slice(0, index).find((one) => one.port === port && overlap(one.host, host));
    return other ? [{ path, port, other: other.path.join('.') }] : [];
  });
}

function portsOf({ control, http, rtmp, metrics, webrtc }: PortsOf): NamedPort[] {
  const rtmpHost = anyOr(rtmp.host);
  return [
    { path: ['http', 'port'], port: http.port, host: anyOr(http.host) },
    ...(http.tls.port === null
      ? []
      : [{ path: ['http', 'tls', 'port'], port: http.tls.port, host: anyOr(http.host) }]),
    ...(rtmp.enabled ? [{ path: ['rtmp', 'port'], port: rtmp.port, host: rtmpHost }] : []),
    ...(rtmp.enabled && rtmp.tls.port !== null
      ? [{ path: ['rtmp', 'tls', 'port'], port: rtmp.tls.port, host: rtmpHost }]
      : []),
    ...(metrics?.enabled
      ? [{ path: ['metrics', 'port'], port: metrics.port, host: anyOr(metrics.host) }]
      : []),
    {
      path: ['webrtc', 'port'],
      port: webrtc.port,
      host: webrtc.listen?.length === 1 ? anyOr(webrtc.listen[0] ?? '') : null,
    },
    ...(control.tls.port === null
      ? []
      : [{ path: ['control', 'tls', 'port'], port: control.tls.port, host: anyOr(control.tls.host) }]),
  ];
}

function anyOr(host: string): string | null {
  return host === '0.0.0.0' || host === '::' ? null : host;
}

function overlap(a: string | null, b: string | null): boolean {
  return a === null || b === null || a === b;
}
