import { execa, type ResultPromise } from 'execa';

export interface EncoderOptions {
  /** Seconds; default: until it is ended. */
  readonly seconds?: number;
  /** Pictures from key frame to key frame, of 25 per second; default 25. */
  readonly gop?: number;
  readonly bFrames?: number;
  /** Of the picture, which is padded up to it, such as `43M`; default: as it comes. */
  readonly bitrate?: string;
  /** A tone, or for `5.1` another one in each channel; default true. */
  readonly sound?: boolean | '5.1';
}

/** The tone of each channel of 5.1 sound, in Hz. */
export const surroundHz = { left: 400, right: 600, centre: 1000, low: 60, backLeft: 1400, backRight: 1800 };

/** ffmpeg's arguments for H.264 that costs little. @param gop pictures from key frame to key frame */
export function x264(gop: number, bFrames = 0): string[] {
  const usual = ['-c:v', 'libx264', '-preset', 'ultrafast', '-pix_fmt', 'yuv420p'];
  return [...usual, '-g', String(gop), '-bf', String(bFrames)];
}

/** ffmpeg as an encoder that publishes a test picture, in real time. */
export function encoder(
  url: string,
  { seconds, gop = 25, bFrames = 0, bitrate, sound = true }: EncoderOptions = {},
) {
  const child = execa(
    'ffmpeg',
    [
      ...['-hide_banner', '-loglevel', 'warning', '-nostdin'],
      ...['-re', '-f', 'lavfi', '-i', 'testsrc=size=320x180:rate=25'],
      ...(sound
        ? ['-re', '-f', 'lavfi', '-i', sound === '5.1' ? surround() : 'sine=frequency=440:sample_rate=48000']
        : []),
      ...(seconds === undefined ? [] : ['-t', String(seconds)]),
      ...x264(gop, bFrames),
      ...(bitrate === undefined ? [] : constant(bitrate)),
      ...['-c:a', 'aac', '-b:a', sound === '5.1' ? '320k' : '64k', '-f', 'flv'],
      ...(url.startsWith('rtmps:') ? ['-tls_verify', '0'] : []),
      url,
    ],
    { reject: false, buffer: true, forceKillAfterDelay: 1000 },
  );
  return Object.assign(child, {
    async [Symbol.asyncDispose]() {
      child.kill('SIGKILL');
      await child;
    },
  });
}

/** x264 fills what a small picture does not need. */
function constant(bitrate: string): string[] {
  const rate = ['-b:v', bitrate, '-minrate', bitrate, '-maxrate', bitrate, '-bufsize', bitrate];
  return [...rate, '-x264-params', 'nal-hrd=cbr'];
}

/** In the order of ffmpeg's layout `5.1`. */
function surround(): string {
  const tones = Object.values(surroundHz).map((hz) => `0.2*sin(2*PI*${hz}*t)`);
  return `aevalsrc='${tones.join('|')}:c=5.1:s=48000'`;
}

/** An encoder that begins anew whenever its connection breaks, as most do. */
export function steadyEncoder(url: string, options: EncoderOptions = {}): AsyncDisposable {
  let current = encoder(url, options);
  let wanted = true;
  const goneOn = (async () => {
    for (;;) {
      await current;
      if (!wanted) return;
      current = encoder(url, options);
    }
  })();
  return {
    async [Symbol.asyncDispose]() {
      wanted = false;
      current.kill('SIGKILL');
      await goneOn;
    },
  };
}

export type Encoder = ResultPromise & AsyncDisposable;
