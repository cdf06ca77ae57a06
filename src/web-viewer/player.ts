import { element } from './element.ts';
import type { Tracks } from './receiver.ts';

/** The picture and sound on the page: one video element whose stream changes its tracks, and a still of the last picture. */
export interface Player {
  readonly video: HTMLVideoElement;
  setTracks(tracks: Tracks): void;
  /** Calls once the next picture is on the screen; at once where there is none to come, or the browser cannot tell. */
  afterPicture(call: () => void): void;
  /** Keeps what is seen now over the picture; true where there is something to keep. */
  freeze(): boolean;
  /** Takes the still away as soon as a new picture is on the screen. */
  thaw(): void;
  /** Takes everything away: no picture is better than one of long ago. */
  clear(): void;
  /** Plays on if the browser had stopped it. */
  play(): void;
}

/** Who is told what the video element does. */
export interface PlayerListener {
  /** Whether the browser wants a tap before anything plays. */
  onBlocked(blocked: boolean): void;
  /** The first picture of new tracks is on the screen; older browsers don't tell. */
  onPicture(): void;
}

/** Takes possession of the page's video element. */
export function createPlayer({ onBlocked, onPicture }: PlayerListener): Player {
  const video = element('video', HTMLVideoElement);
  const still = element('still', HTMLCanvasElement);
  const stream = new MediaStream();

  /** What stays is left as it is: sound that is taken out and put in again is heard to break. */
  function keepTracks(kept: readonly MediaStreamTrack[]): void {
    for (const track of stream.getTracks()) if (!kept.includes(track)) stream.removeTrack(track);
    for (const track of kept) if (!stream.getTracks().includes(track)) stream.addTrack(track);
  }

  /** False where the browser cannot tell. */
  function onNextPicture(call: () => void): boolean {
    const tells = 'requestVideoFrameCallback' in video;
    if (tells) video.requestVideoFrameCallback(call);
    return tells;
  }

  function afterPicture(call: () => void): void {
    // Without a picture no frame would ever come.
    if (stream.getVideoTracks().length === 0 || !onNextPicture(call)) call();
  }

  function play(): void {
    video.play().then(
      () => onBlocked(false),
      (error: DOMException) => {
        if (error.name !== 'NotAllowedError') return;
        onBlocked(true);
        if (video.muted) return;
        // With sound it needs a gesture, without it may still go.
        video.muted = true;
        play();
      },
    );
  }

  return {
    video,
    play,
    afterPicture,
    setTracks({ video: picture, audio }) {
      keepTracks([picture, audio].filter((track) => track !== null));
      // Not before: a video element that waits for its first frame holds up the load event of the page.
      video.srcObject ??= stream;
      if (picture !== null) onNextPicture(onPicture);
      play();
    },
    freeze() {
      if (!still.hidden) return true;
      if (video.videoWidth === 0 || stream.getVideoTracks().length === 0) return false;
      still.width = video.videoWidth;
      still.height = video.videoHeight;
      still.getContext('2d')?.drawImage(video, 0, 0);
      still.hidden = false;
      return true;
    },
    thaw() {
      if (still.hidden) return;
      afterPicture(() => {
        still.hidden = true;
      });
    },
    clear() {
      still.hidden = true;
      keepTracks([]);
    },
  };
}
