import { freePorts } from '../helpers/free-ports.ts';

/** The text of a configuration for a daemon with one worker, on free ports of loopback, and the page's port. */
export async function trialConfig(): Promise<{ readonly text: string; readonly http: number }> {
  const [http = 0, rtmp, webrtc] = await freePorts(3);
  const text = JSON.stringify({
    http: { host: '127.0.0.1', port: http },
    rtmp: { host: '127.0.0.1', port: rtmp },
    webrtc: { port: webrtc, listen: ['127.0.0.1'] },
    workers: { count: 1 },
  });
  return { text, http };
}
