import type { types } from 'mediasoup';

/*
 * What other parts of the daemon hold of mediasoup, or describe to it. They get it from this folder and hand it back: how it
 * is made, and on which worker, is known here alone.
 */
export type Consumer = types.Consumer;
export type MediaKind = types.MediaKind;
export type PlainTransport = types.PlainTransport;
export type Producer = types.Producer;
export type Router = types.Router;
export type RtpCapabilities = types.RtpCapabilities;
export type RtpCodecParameters = types.RtpCodecParameters;
export type RtpEncodingParameters = types.RtpEncodingParameters;
export type RtpHeaderExtensionUri = types.RtpHeaderExtensionUri;
export type RtpParameters = types.RtpParameters;
export type WebRtcTransport = types.WebRtcTransport;
