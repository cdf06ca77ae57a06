import type { ShownPicture } from '../clock-strip.ts';
import { lagBetween } from './alignment.ts';
import type { DecodedPicture } from './decoded.ts';
import { type Evenness, evenness } from './evenness.ts';
import type { Packet } from './pcap.ts';
import type { PipeCall } from './pipe-calls.ts';
import { pipedMessages } from './piped-messages.ts';
import { type RtmpMessage, rtmpMessages } from './rtmp-messages.ts';
import { type RtpStreamSeen, type RtpUnit, rtpStreams } from './rtp-streams.ts';
import { tcpFlows } from './tcp-flows.ts';

/** What was seen of the way of pictures, from outside of what carried them. */
export interface Seen {
  readonly packets: readonly Packet[];
  readonly shown: readonly ShownPicture[];
  readonly decoded: readonly DecodedPicture[];
  /** What ffmpeg wrote for the ingest process; empty where that was not seen. */
  readonly pipe: readonly PipeCall[];
  /** Where the publisher's encoder connected to. */
  readonly publishPort: number;
  /** Where the browser receives. */
  readonly viewerPort: number;
}

/** A place on the way of a picture. */
export interface Stage {
  readonly name: string;
  /** When each picture was there, on the wall clock in ms, in the order of the shown ones; NaN: it was not seen there. */
  readonly atMs: readonly number[];
  /** How evenly they passed, and the sound beside them. */
  readonly video: Evenness | null;
  readonly audio: Evenness | null;
}

/** Ticks of a time stamp in a ms. */
const [videoTicks, audioTicks] = [90, 48];
/** What is a stream of pictures at all. */
const leastUnits = 30;

/**
 * Follows the pictures from their making to the screen: by RTP time stamps where they went by RTP, and by their sizes in RTMP,
 * whose messages end with the last byte of a picture. Only a picture that is copied can be followed.
 */
export function stagesOf({ packets, shown, decoded, pipe, publishPort, viewerPort }: Seen): Stage[] {
  const pictures = shown.flatMap((picture) =>
    picture.madeMs !== null && picture.received
      ? [{ ...picture, madeMs: picture.madeMs, received: picture.received }]
      : [],
  );
  const wanted = new Set(pictures.map(({ received }) => received.rtpTimestamp));
  const streams = rtpStreams(packets).filter(({ units }) => units.length >= leastUnits);
  const carriers = streams.filter(({ units }) => shares(units, wanted));
  const viewer = carriers.find(({ to }) => to === viewerPort);
  if (!viewer) throw new Error(`expected pictures on their way to port ${viewerPort}, saw none`);
  const inside = carriers.filter(({ to }) => to !== viewerPort);
  const connections = tcpFlows(packets)
    .map((flow) => ({ ...flow, messages: rtmpMessages(flow) }))
    .filter(({ messages }) => messages.length >= leastUnits);
  const rtmp = (name: string, messages: readonly RtmpMessage[]) =>
    rtmpStage(name, messages, viewer, pictures);
  const rtp = (name: string, stream: RtpStreamSeen) =>
    rtpStage(name, stream, soundBeside(stream, streams), pictures);
  const published = connections.filter(({ to }) => to === publishPort);
  const pulled = connections.filter(({ to, from }) => to !== publishPort && from !== publishPort);
  const byTime = new Map(decoded.map(({ rtpTimestamp, atMs }) => [rtpTimestamp, atMs]));
  const plain = (name: string, atMs: readonly number[]): Stage => ({ name, atMs, video: null, audio: null });
  return [
    plain(
      'made',
      pictures.map(({ madeMs }) => madeMs),
    ),
    ...published.map(({ messages }) => rtmp('received: RTMP, last byte', messages)),
    // Whoever only looks at a stream has little of it.
    ...pulled
      .map(({ messages, to }) => rtmp(`passed on by RTMP to port ${to}`, messages))
      .filter(({ atMs }) => atMs.some((at) => !Number.isNaN(at))),
    ...pipeStages(pipe, published[0]?.messages ?? [], viewer, pictures),
    ...inside.flatMap((stream) => rtp(`sent to port ${stream.to}`, stream)),
    ...rtp('forwarded to the viewer', viewer),
    plain(
      'received by the browser',
      pictures.map(({ received }) => received.atMs),
    ),
    plain(
      'decoded',
      pictures.map(({ received }) => byTime.get(received.rtpTimestamp) ?? Number.NaN),
    ),
    plain(
      'shown',
      pictures.map(({ atMs }) => atMs),
    ),
  ];
}

type Picture = ShownPicture & { readonly received: NonNullable<ShownPicture['received']> };

function shares(units: readonly RtpUnit[], wanted: ReadonlySet<number>): boolean {
  return units.filter(({ timestamp }) => wanted.has(timestamp)).length >= leastUnits;
}

/** The stream between the same ports that has the most units beside this one. */
function soundBeside(stream: RtpStreamSeen, all: readonly RtpStreamSeen[]): RtpStreamSeen | undefined {
  return all
    .filter(({ from, to }) => from === stream.from && to === stream.to)
    .filter((other) => other !== stream)
    .toSorted((a, b) => b.units.length - a.units.length)[0];
}

function rtpStage(
  name: string,
  { units }: RtpStreamSeen,
  sound: RtpStreamSeen | undefined,
  pictures: readonly Picture[],
): Stage[] {
  const byTime = new Map(units.map((unit) => [unit.timestamp, unit]));
  const at = (of: (unit: RtpUnit) => number) =>
    pictures.map(({ received }) => {
      const unit = byTime.get(received.rtpTimestamp);
      return unit ? of(unit) : Number.NaN;
    });
  const passing = (ticks: number) => (unit: RtpUnit) => ({
    mediaMs: unit.timestamp / ticks,
    atMs: unit.firstAtMs,
  });
  const video = evenness(units.map(passing(videoTicks)));
  const audio = evenness((sound?.units ?? []).map(passing(audioTicks)));
  return [
    { name: `${name}, first packet`, atMs: at(({ firstAtMs }) => firstAtMs), video, audio },
    { name: `${name}, last packet`, atMs: at(({ lastAtMs }) => lastAtMs), video: null, audio: null },
  ];
}

function rtmpStage(
  name: string,
  messages: readonly RtmpMessage[],
  viewer: RtpStreamSeen,
  pictures: readonly Picture[],
): Stage {
  const atMs = messagesOf(messages, viewer, pictures).map((message) => message?.atMs ?? Number.NaN);
  const passings = (kind: RtmpMessage['kind']) =>
    messages
      .filter((message) => message.kind === kind)
      .map((message) => ({ mediaMs: message.timeMs, atMs: message.atMs }));
  return { name, atMs, video: evenness(passings('video')), audio: evenness(passings('audio')) };
}

/** What each picture was in RTMP. */
function messagesOf(
  messages: readonly RtmpMessage[],
  viewer: RtpStreamSeen,
  pictures: readonly Picture[],
): (RtmpMessage | undefined)[] {
  const video = messages.filter(({ kind }) => kind === 'video');
  const lag = lagBetween(
    viewer.units.map(({ bytes }) => bytes),
    video.map(({ bytes }) => bytes),
  );
  const places = new Map(viewer.units.map(({ timestamp }, index) => [timestamp, index]));
  return pictures.map(({ received }) => {
    const place = places.get(received.rtpTimestamp);
    return place === undefined || lag === null ? undefined : video[place + lag];
  });
}

function pipeStages(
  pipe: readonly PipeCall[],
  messages: readonly RtmpMessage[],
  viewer: RtpStreamSeen,
  pictures: readonly Picture[],
): Stage[] {
  const [first] = pipe;
  if (!first) return [];
  const video = messages.filter(({ kind, atMs }) => kind === 'video' && atMs > first.writtenMs);
  const piped = pipedMessages(video, pipe);
  const calls = messagesOf(messages, viewer, pictures).map((message) => message && piped.get(message));
  const stage = (name: string, of: (call: PipeCall) => number): Stage => ({
    ...{ name, video: null, audio: null },
    atMs: calls.map((call) => (call ? of(call) : Number.NaN)),
  });
  return [
    stage('written by ffmpeg', ({ writtenMs }) => writtenMs),
    stage('read by the ingest process', ({ readMs }) => readMs),
  ];
}
