/** One track, as the browser measured it. */
export interface TrackStatistics {
  /** `H264`, `opus` … */
  readonly codec: string | null;
  readonly bytes: number;
  readonly packets: number;
  readonly lost: number;
  /** Mean time that what played since the last measurement had waited in the jitter buffer, in ms. */
  readonly jitterBufferMs: number | null;
  /** Totals from which the mean is made: seconds, and how many frames or samples. */
  readonly waitedS: number;
  readonly emitted: number;
  /** How much of the sound was not there when it was due, in ms; 0 of a picture. */
  readonly concealedMs: number;
  /** When what plays now was sent, by the sender's clock, in ms; null: not known. */
  readonly playoutMs: number | null;
}

/** The picture, as the browser measured it. */
export interface VideoStatistics extends TrackStatistics {
  readonly width: number;
  readonly height: number;
  readonly fps: number;
  readonly decoded: number;
  readonly dropped: number;
  /** null: the browser does not count them. */
  readonly freezes: number | null;
  readonly frozenS: number;
}

/** One measurement of the connection; totals count from its start. */
export interface Statistics {
  readonly atMs: number;
  readonly video: VideoStatistics | null;
  readonly audio: TrackStatistics | null;
  /** Of both tracks since the last measurement; null at the first. */
  readonly bitrateBps: number | null;
  readonly rttMs: number | null;
  readonly protocol: 'udp' | 'tcp' | null;
}

/** What the page reads of a browser's report: a part of the identifiers of W3C webrtc-stats; some browsers lack some. */
interface Entry extends Omit<Partial<RTCInboundRtpStreamStats>, 'type'> {
  readonly type: string;
  readonly mimeType?: string;
  readonly selectedCandidatePairId?: string;
  readonly nominated?: boolean;
  readonly state?: string;
  readonly currentRoundTripTime?: number;
  readonly localCandidateId?: string;
  readonly protocol?: string;
}

/** Samples of Opus per millisecond, whatever was recorded (RFC 7587, 4.1). */
const opusSamplesPerMs = 48;

/** mediasoup probes the bandwidth with a stream of its own, which is no media. */
const probationSsrc = 1234;

/**
 * Picks the figures that a person or a watchdog wants from a browser's report.
 * @param report `RTCStatsReport`, or a map like it
 * @param previous the measurement before, from which rates are made
 */
export function readStatistics(
  report: { forEach(callback: (entry: Entry, id: string) => void): void },
  atMs: number,
  previous: Statistics | null,
): Statistics {
  const entries = new Map<string, Entry>();
  report.forEach((entry, id) => {
    entries.set(id, entry);
  });
  const inbound = (kind: string) =>
    [...entries.values()].find(
      (entry) => entry.type === 'inbound-rtp' && entry.kind === kind && entry.ssrc !== probationSsrc,
    );
  const video = readVideo(inbound('video'), entries, previous?.video);
  const audio = readTrack(inbound('audio'), entries, previous?.audio);
  const pair = selectedPair(entries);
  const protocol = entries.get(pair?.localCandidateId ?? '')?.protocol;
  const rttS = pair?.currentRoundTripTime;
  return {
    atMs,
    video,
    audio,
    bitrateBps: rate(atMs, video, audio, previous),
    rttMs: rttS === undefined ? null : rttS * 1000,
    protocol: protocol === 'udp' || protocol === 'tcp' ? protocol : null,
  };
}

function readTrack(
  entry: Entry | undefined,
  entries: Map<string, Entry>,
  previous: TrackStatistics | null | undefined,
): TrackStatistics | null {
  if (entry === undefined) return null;
  const waitedS = entry.jitterBufferDelay ?? 0;
  const emitted = entry.jitterBufferEmittedCount ?? 0;
  const newlyEmitted = emitted - (previous?.emitted ?? 0);
  return {
    codec: entries.get(entry.codecId ?? '')?.mimeType?.split('/')[1] ?? null,
    bytes: entry.bytesReceived ?? 0,
    packets: entry.packetsReceived ?? 0,
    lost: entry.packetsLost ?? 0,
    jitterBufferMs: newlyEmitted > 0 ? ((waitedS - (previous?.waitedS ?? 0)) / newlyEmitted) * 1000 : null,
    waitedS,
    emitted,
    concealedMs: (entry.concealedSamples ?? 0) / opusSamplesPerMs,
    playoutMs: entry.estimatedPlayoutTimestamp ?? null,
  };
}

function readVideo(
  entry: Entry | undefined,
  entries: Map<string, Entry>,
  previous: TrackStatistics | null | undefined,
): VideoStatistics | null {
  const track = readTrack(entry, entries, previous);
  if (entry === undefined || track === null) return null;
  return {
    ...track,
    width: entry.frameWidth ?? 0,
    height: entry.frameHeight ?? 0,
    fps: entry.framesPerSecond ?? 0,
    decoded: entry.framesDecoded ?? 0,
    dropped: entry.framesDropped ?? 0,
    freezes: entry.freezeCount ?? null,
    frozenS: entry.totalFreezesDuration ?? 0,
  };
}

/** Firefox has no `transport` entry: there the pair that was nominated and works is it. */
function selectedPair(entries: Map<string, Entry>): Entry | undefined {
  const all = [...entries.values()];
  const transport = all.find(({ type }) => type === 'transport');
  if (transport?.selectedCandidatePairId !== undefined) return entries.get(transport.selectedCandidatePairId);
  return all.find(
    ({ type, nominated, state }) => type === 'candidate-pair' && nominated && state === 'succeeded',
  );
}

function rate(
  atMs: number,
  video: TrackStatistics | null,
  audio: TrackStatistics | null,
  previous: Statistics | null,
): number | null {
  if (previous === null || atMs <= previous.atMs) return null;
  const bytes = (video?.bytes ?? 0) + (audio?.bytes ?? 0);
  const before = (previous.video?.bytes ?? 0) + (previous.audio?.bytes ?? 0);
  return Math.max(0, ((bytes - before) * 8000) / (atMs - previous.atMs));
}
