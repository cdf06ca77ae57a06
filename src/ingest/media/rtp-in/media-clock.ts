/** A stream whose times and whose packets part by so much from one packet to the next, in µs, has jumped: it is placed anew. */
const jumpUs = 5_000_000;
/** Pictures that are this close to their sound, in µs, are left as they are: a viewer notices four times as much at the earliest. */
const toleranceUs = 10_000;

interface Stream {
  readonly kind: 'video' | 'audio';
  readonly clockRate: number;
  /** The time stamp of the packet that came last, counted on without wrapping, in ticks. */
  ticks: number;
  /** How much later than its time the packet came that came last, in µs: the way, and what the publisher's clock has drifted. */
  lateUs: number;
  /** What is added to the stream's own time to have the common one, in µs. */
  offsetUs: number;
  /** The same to have the worker's wall clock, by the last report; undefined where there is none. */
  reportedUs: number | undefined;
  /** The last frame's time on the stream's own clock and on the common one, in µs. */
  lastOwnUs: number;
  lastUs: number;
}

/**
 * Puts the RTP time stamps of all streams of one publisher, each of which begins anywhere, on one clock in µs. Pure.
 *
 * At first a stream's time is when its first packet came, so that nothing has to wait. Sender reports then tell how the
 * streams belong together. They are mediasoup's own, about one a second for each stream: a moment on the worker's wall
 * clock, and the time stamp of what was captured then. mediasoup 3.27 knows that from the publisher's reports, as soon as
 * it has had three of them; before, and with a publisher that sends none, it goes by when packets came to the worker.
 *
 * A publisher's clock that is a little fast or slow is followed by nobody here: the times are its own, all of one drift, and whoever
 * sends them on puts them right.
 *
 * Sound keeps its place, since every correction would be heard; pictures move to it. Later ones do so at once, earlier ones
 * at half speed, so that times always grow.
 */
export class MediaClock {
  readonly #streams = new Map<number, Stream>();

  /** @param ssrc names the stream in all that follows */
  add(ssrc: number, kind: Stream['kind'], clockRate: number): void {
    const [ticks, offsetUs, lastOwnUs, lastUs] = [Number.NaN, 0, 0, Number.NEGATIVE_INFINITY];
    const stream = { kind, clockRate, ticks, offsetUs, lateUs: 0, lastOwnUs, lastUs };
    this.#streams.set(ssrc, { ...stream, reportedUs: undefined });
  }

  /** A packet has come, at a moment of the common clock. */
  arrived(ssrc: number, timestamp: number, nowUs: number): void {
    const stream = this.#streams.get(ssrc);
    if (!stream) return;
    const isFirst = Number.isNaN(stream.ticks);
    stream.ticks = isFirst ? timestamp : unwrapped(stream, timestamp);
    const ownUs = toUs(stream, stream.ticks);
    const lateUs = nowUs - ownUs - stream.offsetUs;
    const goesOn = !isFirst && Math.abs(lateUs - stream.lateUs) <= jumpUs;
    stream.lateUs = goesOn ? lateUs : 0;
    if (goesOn) return;
    stream.offsetUs = nowUs - ownUs;
    stream.reportedUs = undefined;
    stream.lastOwnUs = ownUs;
  }

  /** A sender report has come. */
  report(ssrc: number, ntpUs: number, timestamp: number): void {
    const stream = this.#streams.get(ssrc);
    if (!stream || Number.isNaN(stream.ticks)) return;
    stream.reportedUs = ntpUs - toUs(stream, unwrapped(stream, timestamp));
    for (const other of this.#streams.values()) this.#correct(other);
  }

  /** The time of a frame on the common clock; frames of one stream in their order. */
  timeUs(ssrc: number, timestamp: number): number {
    const stream = this.#streams.get(ssrc);
    if (!stream) throw new Error(`stream ${ssrc} was not added to the clock`);
    const ownUs = toUs(stream, unwrapped(stream, timestamp));
    const leastUs = stream.lastUs + Math.max(1, (ownUs - stream.lastOwnUs) / 2);
    stream.lastOwnUs = ownUs;
    stream.lastUs = Math.round(Math.max(ownUs + stream.offsetUs, leastUs));
    return stream.lastUs;
  }

  /** Moves a stream to where the reports say that it belongs. */
  #correct(stream: Stream): void {
    const reported = [...this.#streams.values()].filter(({ reportedUs }) => reportedUs !== undefined);
    const guide = reported.find(({ kind }) => kind === 'audio') ?? reported[0];
    if (stream === guide || stream.reportedUs === undefined || guide?.reportedUs === undefined) return;
    const offsetUs = guide.offsetUs + stream.reportedUs - guide.reportedUs;
    if (Math.abs(offsetUs - stream.offsetUs) > toleranceUs) stream.offsetUs = offsetUs;
  }
}

/** The ticks of a time stamp that is less than half of its range away from the last one. */
function unwrapped(stream: Stream, timestamp: number): number {
  return stream.ticks + ((timestamp - (stream.ticks % 2 ** 32)) | 0);
}

function toUs(stream: Stream, ticks: number): number {
  return (ticks * 1e6) / stream.clockRate;
}
