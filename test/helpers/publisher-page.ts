import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Browser, Page } from 'playwright-core';

/** What a page publishes. */
export interface PageOffer {
  readonly url: string;
  readonly secret: string;
  /** The only codec that it offers; default: all of Chromium's. */
  readonly codec?: 'H264' | 'VP8' | 'VP9' | 'AV1';
  /** How many times smaller each layer is; default: one stream as it is. */
  readonly layers?: readonly number[];
  readonly width?: number;
  readonly height?: number;
  /** The track that is offered and not given; default: both are. */
  readonly without?: 'video' | 'audio';
}

/** What the endpoint answered. */
export interface PageAnswer {
  readonly status: number;
  readonly resource: string | null;
  readonly etag: string | null;
}

/** Pages of another origin than the daemon's that publish by WHIP, as the documentation shows it. */
export interface PublisherSite extends AsyncDisposable {
  open(browser: Browser): Promise<Page>;
}

export async function startPublisherSite(): Promise<PublisherSite> {
  const site = createServer((_request, response) => response.setHeader('content-type', 'text/html').end(''));
  await once(site.listen(0, '127.0.0.1'), 'listening');
  return {
    async open(browser) {
      const page = await browser.newPage();
      await page.goto(`http://127.0.0.1:${(site.address() as AddressInfo).port}`);
      return page;
    },
    async [Symbol.asyncDispose]() {
      site.closeAllConnections();
      site.close();
    },
  };
}

/** Publishes the fake camera and microphone of Chromium. The connection is `connection` in the page, and what may be sent `stream`. */
export function publish(page: Page, offer: PageOffer): Promise<PageAnswer> {
  return page.evaluate(async ({ url, secret, codec, layers, width = 1280, height = 720, without }) => {
    const stream = await navigator.mediaDevices.getUserMedia({ video: { width, height }, audio: true });
    const [video, audio] = [...stream.getVideoTracks(), ...stream.getAudioTracks()] as MediaStreamTrack[];
    const connection = new RTCPeerConnection();
    Object.assign(globalThis, { connection, stream });
    const sendEncodings = layers?.map((scaleResolutionDownBy, index) => ({
      rid: `r${index}`,
      scaleResolutionDownBy,
    }));
    const transceiver = connection.addTransceiver(
      without === 'video' ? 'video' : (video as MediaStreamTrack),
      {
        direction: 'sendonly',
        streams: [stream],
        ...(sendEncodings && { sendEncodings }),
      },
    );
    connection.addTransceiver(without === 'audio' ? 'audio' : (audio as MediaStreamTrack), {
      direction: 'sendonly',
      streams: [stream],
    });
    const { codecs = [] } = RTCRtpSender.getCapabilities('video') ?? {};
    if (codec) {
      const wanted = [`video/${codec}`, 'video/rtx'];
      transceiver.setCodecPreferences(codecs.filter(({ mimeType }) => wanted.includes(mimeType)));
    }
    await connection.setLocalDescription();
    const response = await fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/sdp', authorization: `Bearer ${secret}` },
      body: connection.localDescription?.sdp ?? '',
    });
    if (response.ok) await connection.setRemoteDescription({ type: 'answer', sdp: await response.text() });
    const { headers, status } = response;
    return { status, resource: headers.get('location'), etag: headers.get('etag') };
  }, offer);
}
