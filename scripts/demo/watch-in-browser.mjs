import { setTimeout } from 'node:timers/promises';
import { chromium } from 'playwright-core';

const wantedFrames = 30;
const flags = [
  ...['--no-sandbox', '--disable-quic', '--no-first-run', '--disable-background-networking'],
  ...['--disable-component-update', '--disable-sync', '--allow-loopback-in-peer-connection'],
  '--autoplay-policy=no-user-gesture-required',
];

/** Opens the page in a headless browser until 30 pictures were decoded and sound was heard. */
export const watchInBrowser = async (executablePath, link) => {
  await using cleanup = new AsyncDisposableStack();
  const browser = await chromium.launch({ executablePath, args: flags });
  cleanup.defer(() => browser.close());
  const page = await browser.newPage();
  await page.addInitScript(keepConnections);
  await page.addInitScript(markFirstFrame);
  await page.goto(link);
  await page.locator('html[data-state=playing]').waitFor({ timeout: 0 });
  await page.keyboard.press('m');
  for (;;) {
    const seen = await page.evaluate(receivedEnough, wantedFrames);
    if (seen) return { viewer: 'chromium', ...seen };
    await setTimeout(100);
  }
};

/** Runs in the page: its connections can be asked later. */
function keepConnections() {
  const kept = [];
  globalThis.keptConnections = kept;
  globalThis.RTCPeerConnection = class extends RTCPeerConnection {
    constructor(...given) {
      super(...given);
      kept.push(this);
    }
  };
}

/** Runs in the page: notes when the first picture was shown, in ms after the page was opened. */
function markFirstFrame() {
  addEventListener('DOMContentLoaded', () => {
    document.querySelector('video').requestVideoFrameCallback((now) => {
      globalThis.firstFrameMs = Math.round(now);
    });
  });
}

/** Runs in the page. */
async function receivedEnough(wanted) {
  const report = await globalThis.keptConnections.at(-1)?.getStats();
  const inbound = [...(report?.values() ?? [])].filter(({ type }) => type === 'inbound-rtp');
  const video = inbound.find(
    ({ kind, trackIdentifier }) => kind === 'video' && trackIdentifier !== 'probator',
  );
  const audio = inbound.find(({ kind }) => kind === 'audio');
  if (!(video?.framesDecoded >= wanted) || !(audio?.totalAudioEnergy > 0.001)) return undefined;
  return {
    first_frame_ms: globalThis.firstFrameMs,
    frames: video.framesDecoded,
    freezes: video.freezeCount,
    packets_lost: video.packetsLost + audio.packetsLost,
    sound_energy: Number(audio.totalAudioEnergy.toFixed(4)),
  };
}
