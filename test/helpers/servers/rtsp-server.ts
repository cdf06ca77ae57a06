import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { execa } from 'execa';

const script = new URL('rtsp-server.py', import.meta.url).pathname;

/** An RTSP server that plays a file at `/stream`, as a camera would. */
export interface RtspServer extends AsyncDisposable {
  readonly port: number;
}

export interface RtspServerOptions {
  /** An MP4 of H.264 and AAC; it ends for each client where it ends. */
  readonly path: string;
  /** Default: any that is free. */
  readonly port?: number;
  /** The only transport that it takes; default `tcp`. */
  readonly transport?: 'tcp' | 'udp';
  /** Where H.264's parameter sets are: before each key frame, or in the session's description alone; default `inBand`. */
  readonly parameterSets?: 'inBand' | 'apart';
  /** User and password that it asks for; default none. */
  readonly account?: readonly [string, string];
}

/** Starts GStreamer's RTSP server; resolves when it listens. */
export async function serveRtsp({
  path,
  port = 0,
  transport = 'tcp',
  parameterSets = 'inBand',
  account,
}: RtspServerOptions): Promise<RtspServer> {
  // Debian's Python has Debian's modules.
  const interval = parameterSets === 'inBand' ? '-1' : '0';
  const server = execa(
    '/usr/bin/python3',
    [script, path, `${port}`, transport, interval, ...(account ?? [])],
    {
      reject: false,
      buffer: false,
      stdio: ['pipe', 'pipe', process.env.TEST_LOG ? 'inherit' : 'ignore'],
    },
  );
  const close = async () => {
    server.kill('SIGKILL');
    await server;
  };
  const [line] = await Promise.race([
    once(createInterface({ input: server.stdout }), 'line'),
    server.then(() => []),
  ]);
  if (line === undefined)
    throw new Error('the RTSP server has ended; is gir1.2-gst-rtsp-server-1.0 installed?');
  return { port: Number(line), [Symbol.asyncDispose]: close };
}
