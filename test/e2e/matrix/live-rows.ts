import { freeUdpPort } from '../../helpers/free-ports.ts';
import { sendFile, toUdp } from '../../helpers/media/sender.ts';
import { clip, type Row, url } from './row.ts';
import { liveFfmpegKilled, plays } from './trials.ts';

/** Sources that come at their own pace: a new ffmpeg goes on with what comes then. */
export const liveRows: readonly Row[] = [
  {
    name: 'MPEG-TS over UDP',
    // Transcoded, it comes and goes in live-faults.
    actions: ['copied'],
    async open(action) {
      const port = await freeUdpPort();
      const sender = sendFile(await clip('ts', action), ...toUdp(port));
      const start = url(`udp://127.0.0.1:${port}`);
      const trials = [plays, liveFfmpegKilled];
      return { start, trials, [Symbol.asyncDispose]: () => sender[Symbol.asyncDispose]() };
    },
  },
];
