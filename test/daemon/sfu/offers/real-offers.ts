import { readFileSync } from 'node:fs';

/** Offers of real players, as they came: Chromium 156, Firefox 153 ESR, aiortc 1.4, pion 3.1, GStreamer 1.22. */
export const realOffers = {
  chromium: offerOf('chromium'),
  firefox: offerOf('firefox'),
  aiortc: offerOf('aiortc'),
  pion: offerOf('pion'),
  gstreamer: offerOf('gstreamer'),
};

/**
 * Offers of real publishers, as they came: Chromium 156 with one stream and with three layers, aiortc 1.4, GStreamer 1.22;
 * and one in the form of libdatachannel, which OBS publishes with since version 30.
 */
export const sendingOffers = {
  chromium: offerOf('chromium-sending'),
  layers: offerOf('chromium-layers'),
  aiortc: offerOf('aiortc-sending'),
  gstreamer: offerOf('gstreamer-sending'),
  obs: offerOf('libdatachannel-sending'),
};

function offerOf(client: string): string {
  return readFileSync(new URL(`offers/${client}.sdp`, import.meta.url), 'utf8');
}
