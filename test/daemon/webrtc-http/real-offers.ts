import { readFileSync } from 'node:fs';

/** Offers of real players, as they came: Chromium 156, Firefox 153 ESR, aiortc 1.4, pion 3.1, GStreamer 1.22. */
export const realOffers = {
  chromium: offerOf('chromium'),
  firefox: offerOf('firefox'),
  aiortc: offerOf('aiortc'),
  pion: offerOf('pion'),
  gstreamer: offerOf('gstreamer'),
};

function offerOf(player: string): string {
  return readFileSync(new URL(`offers/${player}.sdp`, import.meta.url), 'utf8');
}
