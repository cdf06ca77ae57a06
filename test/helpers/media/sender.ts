import { createSocket } from 'node:dgram';
import { execa } from 'execa';
import { pseudoRandom } from '../pseudo-random.ts';

/** An ffmpeg that sends a file over and over, as somebody else's encoder would. */
export interface Sender extends AsyncDisposable {
  readonly pid: number;
  readonly ended: Promise<unknown>;
}

/** Sends a file at its own pace, as it is, to where ffmpeg's last options say. */
export function sendFile(path: string, ...output: string[]): Sender {
  const input = ['-hide_banner', '-v', 'error', '-nostdin', '-re', '-stream_loop', '-1', '-i', path];
  const sending = execa('ffmpeg', [...input, '-map', '0', '-c', 'copy', ...output], {
    reject: false,
    buffer: false,
    stdio: ['ignore', 'ignore', process.env.TEST_LOG ? 'inherit' : 'ignore'],
  });
  return {
    pid: sending.pid ?? Number.NaN,
    ended: sending,
    async [Symbol.asyncDispose]() {
      sending.kill('SIGKILL');
      await sending;
    },
  };
}

/** The same, begun again each time that it ends, as encoders do whose server went away. */
export function keepSending(path: string, ...output: string[]): AsyncDisposable {
  let sender = sendFile(path, ...output);
  let over = false;
  const sending = (async () => {
    for (;;) {
      await sender.ended;
      if (over) return;
      sender = sendFile(path, ...output);
    }
  })();
  return {
    async [Symbol.asyncDispose]() {
      over = true;
      await sender[Symbol.asyncDispose]();
      await sending;
    },
  };
}

/** The options that send MPEG-TS to a UDP port of this machine. */
export function toUdp(port: number): string[] {
  return ['-f', 'mpegts', '-muxdelay', '0', `udp://127.0.0.1:${port}?pkt_size=1316`];
}

/** Sends what is no media at all to a UDP port, 100 packets a second. */
export function sendNoise(port: number): AsyncDisposable {
  const random = pseudoRandom(7);
  const socket = createSocket('udp4');
  let closed = false;
  const timer = setInterval(() => {
    socket.send(
      Uint8Array.from({ length: 1316 }, () => random(256)),
      port,
      '127.0.0.1',
    );
  }, 10);
  return {
    async [Symbol.asyncDispose]() {
      clearInterval(timer);
      if (closed) return;
      closed = true;
      socket.close();
    },
  };
}
