import { dirname } from 'node:path';
import { playlistItem } from '../../../src/contract/models.ts';
import { filesOf, serveHttp } from '../../helpers/servers/http-server.ts';
import { fileSource } from '../../helpers/watched-room.ts';
import { clip, nothing, type Row, url } from './row.ts';
import { ends, ffmpegStuck, fileFfmpegKilled, plays } from './trials.ts';

const killed = [plays, fileFfmpegKilled, ends];
const stuck = [plays, ffmpegStuck, ends];

/** Sources that wait for us. By each plan ffmpeg is stuck in one of the rooms; a file whose ffmpeg is killed is in `splicing`. */
export const fileRows: readonly Row[] = [
  {
    name: 'a file',
    actions: ['transcoded'],
    open: async (action) => ({ start: fileSource(await clip('mp4', action)), trials: stuck, ...nothing }),
  },
  {
    name: 'a file over HTTP',
    async open(action) {
      const path = await clip('mp4', action);
      const files = await serveHttp(filesOf(dirname(path)));
      const start = url(`http://127.0.0.1:${files.port}/${path.slice(dirname(path).length + 1)}`);
      const trials = action === 'copied' ? stuck : killed;
      return { start, trials, [Symbol.asyncDispose]: () => files[Symbol.asyncDispose]() };
    },
  },
  {
    name: 'a playlist',
    actions: ['copied'],
    async open(action) {
      const items = [playlistItem.parse({ source: fileSource(await clip('mp4', action)) })];
      return { start: { kind: 'playlist', items, loop: false, shuffle: false }, trials: killed, ...nothing };
    },
  },
];
