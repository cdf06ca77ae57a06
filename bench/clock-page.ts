import type { Browser } from 'playwright-core';
import { clockBits, clockBlock } from './clock-strip.ts';
import type { Context } from './context.ts';

/** Where a page publishes. */
export interface WhipPlace {
  readonly url: string;
  readonly secret: string;
}

/**
 * A page that publishes 720p30 and a tone by WHIP; each picture bears the wall clock of the moment at which it was drawn. Its
 * encoder is the browser's own.
 */
export async function publishClockPage(
  { scope }: Context,
  browser: Browser,
  place: WhipPlace,
): Promise<void> {
  const page = await browser.newPage();
  scope.defer(() => page.close());
  await page.evaluate(publish, { ...place, bits: clockBits, block: clockBlock });
}

/** Runs in the page. */
async function publish({
  url,
  secret,
  bits,
  block,
}: WhipPlace & { bits: number; block: number }): Promise<void> {
  const canvas = Object.assign(document.createElement('canvas'), { width: 1280, height: 720 });
  const context = canvas.getContext('2d') as CanvasRenderingContext2D;
  let count = 0;
  setInterval(() => {
    context.fillStyle = '#246';
    context.fillRect(0, 0, 1280, 720);
    context.fillStyle = '#fa0';
    context.fillRect((count++ * 8) % 1280, 300, 120, 120);
    const now = Date.now();
    for (let cell = 0; cell < bits + 2; cell++) {
      const lit = cell === 0 || (cell > 1 && Math.floor(now / 2 ** (cell - 2)) % 2 === 1);
      context.fillStyle = lit ? '#fff' : '#000';
      context.fillRect(cell * block, 0, block, block);
    }
  }, 1000 / 30);
  const sound = new AudioContext();
  const tone = sound.createOscillator();
  const { stream } = tone.connect(sound.createMediaStreamDestination()) as MediaStreamAudioDestinationNode;
  tone.start();
  const connection = new RTCPeerConnection();
  const tracks = [...canvas.captureStream(30).getTracks(), ...stream.getTracks()];
  for (const track of tracks) connection.addTransceiver(track, { direction: 'sendonly' });
  await connection.setLocalDescription();
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/sdp', authorization: `Bearer ${secret}` },
    body: connection.localDescription?.sdp ?? '',
  });
  if (!response.ok) throw new Error(`expected to publish, got ${response.status} ${await response.text()}`);
  await connection.setRemoteDescription({ type: 'answer', sdp: await response.text() });
}
