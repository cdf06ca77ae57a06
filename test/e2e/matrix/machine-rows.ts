import { spawn } from 'node:child_process';
import { connect } from 'node:net';
import { startDisplay } from '../../helpers/desktop.ts';
import { clip, nothing, type Row } from './row.ts';
import { inputEnds, liveFfmpegKilled, lost, plays, replaced } from './trials.ts';

/** Sources of the daemon's own machine. */
export const machineRows: readonly Row[] = [
  {
    name: 'a test picture',
    actions: ['transcoded'],
    // It has the size of the slate, which what is told has to tell apart.
    open: async () => ({
      start: { kind: 'test', pattern: 'motion', label: 'matrix' },
      trials: [replaced],
      ...nothing,
    }),
  },
  {
    name: 'a screen',
    actions: ['transcoded'],
    async open() {
      const screen = await startDisplay('320x180');
      const close = () => screen[Symbol.asyncDispose]();
      return {
        start: { kind: 'screen', display: screen.display, region: null, audio: null },
        trials: [plays, liveFfmpegKilled, lost(close)],
        [Symbol.asyncDispose]: close,
      };
    },
  },
  {
    name: 'standard input',
    actions: ['copied'],
    async open(action, { daemon }, room) {
      const { path, token } = await daemon.desk.openStdin(room);
      const args = ['-v', 'error', '-nostdin', '-re', '-stream_loop', '-1', '-i', await clip('ts', action)];
      const writer = spawn('ffmpeg', [...args, '-c', 'copy', '-f', 'mpegts', 'pipe:1'], {
        stdio: ['ignore', 'pipe', 'ignore'],
      });
      writer.stdout.pipe(connect(path).on('error', () => {}));
      return {
        start: { kind: 'stdin', token },
        trials: [plays, liveFfmpegKilled, inputEnds(() => writer.kill('SIGKILL'))],
        [Symbol.asyncDispose]: async () => void writer.kill('SIGKILL'),
      };
    },
  },
];
