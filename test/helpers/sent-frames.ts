import type { Page } from 'playwright-core';
import type { MediaFrame } from '../../src/ingest/media/media-frame.ts';

/** A frame as it came to a page, before anything decodes it: it tells what was sent, however busy the browser is. */
export interface SentFrame {
  readonly kind: MediaFrame['kind'];
  /** Its RTP time stamp, in ms from an unknown moment. */
  readonly atMs: number;
}

/** By the times of what is sent a picture may stand for so long, in ms, whatever dies. What is shown `npm run bench` measures. */
export const frozenMs = 1000;

/** Where nothing dies neither picture nor sound may be away for longer, in ms, by the times of what is sent. */
export const seamMs = 100;

/** Runs in the page, before its own script, where its policy is bypassed: notes each frame that comes. */
export function noteSent(): void {
  const frames: SentFrame[] = [];
  Object.assign(globalThis, { sentFrames: frames });
  const inWorker = () => {
    const ticksPerMs = { video: 90, audio: 48 };
    const note = ({ transformer }: { transformer: RTCRtpScriptTransformer }) => {
      const { kind } = transformer.options as Pick<SentFrame, 'kind'>;
      const noting = new TransformStream<RTCEncodedVideoFrame | RTCEncodedAudioFrame>({
        transform(frame, controller) {
          postMessage({ kind, atMs: (frame.getMetadata().rtpTimestamp ?? 0) / ticksPerMs[kind] });
          controller.enqueue(frame);
        },
      });
      transformer.readable.pipeThrough(noting).pipeTo(transformer.writable);
    };
    Object.assign(globalThis, { onrtctransform: note });
  };
  const worker = new Worker(URL.createObjectURL(new Blob([`(${inWorker})()`])));
  worker.addEventListener('message', ({ data }) => frames.push(data));
  globalThis.RTCPeerConnection = class extends RTCPeerConnection {
    constructor(configuration?: RTCConfiguration) {
      super(configuration);
      this.addEventListener('track', ({ receiver, track: { kind } }) => {
        receiver.transform = new RTCRtpScriptTransform(worker, { kind });
      });
    }
  };
}

/** What the worker of a page is told of a track that it is to look through. */
interface RTCRtpScriptTransformer {
  readonly options: unknown;
  readonly readable: ReadableStream;
  readonly writable: WritableStream;
}

/** Frames that came to a page, from the n-th on; in pages with `noteSent` only. */
export function sentFrames(page: Page, from = 0): Promise<SentFrame[]> {
  return page.evaluate(
    (first) => (globalThis as unknown as { sentFrames: SentFrame[] }).sentFrames.slice(first),
    from,
  );
}

/** The longest time from one picture to the next, and from one packet of sound, in ms. */
export function longestGapsMs(frames: readonly SentFrame[]): Record<SentFrame['kind'], number> {
  const longest = (kind: SentFrame['kind']) => {
    const times = frames.filter((frame) => frame.kind === kind).map(({ atMs }) => atMs);
    return Math.max(0, ...times.slice(1).map((at, index) => at - (times[index] ?? at)));
  };
  return { video: longest('video'), audio: longest('audio') };
}
