import { MiroliveError } from '../../contract/errors.ts';
import type { Stranger, StrangerNews } from '../../ingest/rtmp/calls.ts';

/** The ports that RTMP has. */
export interface StrangerPorts {
  readonly port: number;
  readonly tlsPort: number | null;
}

/** What is said of somebody who came to an RTMP port, and not to publish: what was expected, what came, what to do. */
export function strangerError({ what, words }: StrangerNews, ports: StrangerPorts): MiroliveError {
  const { got, hint } = table(words ?? '', ports)[what];
  return new MiroliveError('PUBLISHER_UNCLEAR', got, { hint });
}

function table(
  words: string,
  { port, tlsPort }: StrangerPorts,
): Readonly<Record<Stranger, { readonly got: string; readonly hint: string }>> {
  const rtmps =
    tlsPort === null
      ? `Set rtmp:// in the encoder, or rtmp.tls in the configuration: there is no RTMPS here`
      : `Set rtmps:// with port ${tlsPort} in the encoder, or rtmp:// with port ${port}`;
  return {
    tls: { got: 'expected RTMP, got TLS: the encoder is set to rtmps:// with the port of RTMP', hint: rtmps },
    plain: {
      got: 'expected RTMPS, got no TLS: the encoder is set to rtmp:// with the port of RTMPS',
      hint: rtmps,
    },
    handshake: {
      got: `expected RTMPS, the encoder broke TLS off: ${words}`,
      hint: 'Look whether it takes the certificate: mirolive doctor',
    },
    rtmpe: { got: 'expected RTMP, got RTMPE', hint: 'Set rtmp:// or rtmps:// in the encoder, not rtmpe://' },
    http: {
      got: 'expected RTMP, got HTTP: by HTTP one publishes with WHIP, and on another port',
      hint: 'See mirolive keys create for its address, and docs/whip.md',
    },
    other: {
      got: 'expected RTMP, got something else',
      hint: 'Set rtmp://HOST/ROOM as server and the stream key in the encoder',
    },
    play: {
      got: 'expected somebody who publishes by RTMP, got one that wants to play',
      hint: 'See docs/watching.md: viewers have the page and WHEP',
    },
    hesitant: {
      got: `expected an encoder to publish within 10 s, the last that it said was ${words}`,
      hint: 'Look at the encoder: it may wait for what its own service answers; choose a custom RTMP server in it',
    },
    place: {
      got: `expected rtmp://HOST/ROOM and a stream key, got /${words}`,
      hint: 'Set rtmp://HOST/ROOM as server and the stream key in the encoder: mirolive keys list',
    },
  };
}
