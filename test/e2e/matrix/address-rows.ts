import { serveLiveHls } from '../../helpers/servers/live-hls.ts';
import { serveRtsp } from '../../helpers/servers/rtsp-server.ts';
import { clip, type Row, url } from './row.ts';
import { ffmpegStuck, liveFfmpegKilled, lost, plays } from './trials.ts';

/** Live sources that are fetched from a server, which may be lost and come back. */
export const addressRows: readonly Row[] = [
  {
    name: 'RTSP',
    async open(action) {
      const path = await clip('mp4', action);
      let server = await serveRtsp({ path });
      const { port } = server;
      const close = () => server[Symbol.asyncDispose]();
      const restart = async () => {
        server = await serveRtsp({ path, port });
      };
      return {
        start: url(`rtsp://127.0.0.1:${port}/stream`),
        trials: action === 'copied' ? [plays, lost(close, restart)] : [plays, liveFfmpegKilled],
        [Symbol.asyncDispose]: close,
      };
    },
  },
  {
    name: 'live HLS',
    actions: ['copied'],
    async open(action) {
      const server = await serveLiveHls(await clip('mp4', action));
      return {
        start: url(`http://127.0.0.1:${server.port}/live.m3u8`),
        trials: [plays, liveFfmpegKilled, ffmpegStuck],
        [Symbol.asyncDispose]: () => server[Symbol.asyncDispose](),
      };
    },
  },
];
