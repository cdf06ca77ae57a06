/** Two reports in a row that tell of more loss than this are a line that is full: what is lost by chance stays far below. */
const heavyLoss = 0.1;
/** One report of this is enough: no player repairs so much. */
const severeLoss = 0.5;
/** So much of what arrived a lower layer may take: the queue has to empty, and what is lost is sent again. */
const usableShare = 0.9;
/** Or packets that are under way for so much longer, in ms, than twice the least: they wait in a queue. */
const queueMs = 400;
/** How much the least way is forgotten with each report, in ms: the way itself may have become longer. */
const forgetMs = 2;
/** What is lost by chance comes in lumps: light loss is judged over so long, in ms. */
const windowMs = 5000;
/** More than this is not chance; up to it a player repairs what is lost. */
const lightLoss = 0.04;
/** Fewer packets tell nothing of a share. */
const leastPackets = 10;
/** The queue of what was sent before empties in this time, in ms, once less is sent. */
const drainMs = 2000;
/** A layer comes with its next key frame. In ms; what is not there by then does not exist now. */
const changeMs = 6000;
/** So long without loss, in ms, before more is tried for the first time, and at most after tries that failed. */
const firstPatienceMs = 8000;
const longestPatienceMs = 120_000;
/** A layer that held for so long, in ms, is one that the line carries. */
const heldMs = 60_000;

/** What is known of a player at one time, from its receiver reports (RFC 3550, 6.4.1) and of what it was sent. */
export interface LineLook {
  readonly atMs: number;
  /** The layer that it gets; null: none yet. */
  readonly layer: number | null;
  /** Packets that were sent, and those that were lost by its latest report, since it came. */
  readonly sent: number;
  readonly lost: number;
  /** Share that was lost between its latest report and the one before. */
  readonly loss: number;
  /** By its latest report, in ticks of RTP; differs from report to report. */
  readonly jitter: number;
  /** There and back, in ms; 0: not known. */
  readonly roundTripMs: number;
  /** What of the picture leaves now, in bit/s. */
  readonly bitrateBps: number;
}

type Counters = Pick<LineLook, 'atMs' | 'sent' | 'lost'>;

/** Ceilings of the rates of the layers below the best one, the lowest first, in bit/s. */
export type LowerBps = readonly number[];

/** What becomes of the layer that was chosen. */
type Phase =
  /** It is awaited. */
  | { readonly kind: 'changing'; readonly down: boolean; readonly fromMs: number }
  /** It is there; what was sent before still leaves the queue. */
  | { readonly kind: 'draining'; readonly fromMs: number }
  /** Judged by what is lost since `window` began; good since `goodFromMs`. */
  | {
      readonly kind: 'judged';
      readonly window: Counters;
      readonly goodFromMs: number;
      /** Reports in a row of heavy loss or a long queue. */
      readonly bad: number;
    };

/** A line of which only receiver reports tell. */
export interface ReportedLine {
  /** The highest layer that it is given. */
  readonly ceiling: number;
  readonly phase: Phase;
  /** When the ceiling last changed. */
  readonly sinceMs: number;
  /** Whether it was tried, after a lower one; else it was given at first, or is what is left after a fall. */
  readonly tried: boolean;
  /** How many layers in a row did not hold, tried or not. */
  readonly falls: number;
  /** How long it has to be good before more is tried, in ms. */
  readonly patienceMs: number;
  readonly leastRoundTripMs: number;
  /** The latest report. */
  readonly last: LineLook | undefined;
}

/** Nothing is known: it is given all. */
export function unknownLine(lowerBps: LowerBps, atMs: number): ReportedLine {
  return {
    ceiling: lowerBps.length,
    phase: { kind: 'changing', down: false, fromMs: atMs },
    sinceMs: atMs,
    tried: false,
    falls: 0,
    patienceMs: firstPatienceMs,
    leastRoundTripMs: Number.POSITIVE_INFINITY,
    last: undefined,
  };
}

/** Nothing speaks against what it is given, and nothing better is to be had. */
export function isCalm({ ceiling, phase }: ReportedLine, lowerBps: LowerBps): boolean {
  return ceiling === lowerBps.length && phase.kind === 'judged' && phase.bad === 0;
}

/** What a look tells: down soon, up with care, and the less often the more tries have failed. */
export function judgeLine(line: ReportedLine, look: LineLook, lowerBps: LowerBps): ReportedLine {
  const { last } = line;
  if (!last) return { ...line, last: look };
  const { roundTripMs, jitter, lost } = look;
  const sameReport = lost === last.lost && jitter === last.jitter && roundTripMs === last.roundTripMs;
  if (sameReport || look.sent - last.sent < leastPackets) return line;
  const leastRoundTripMs = roundTripMs
    ? Math.min(roundTripMs, line.leastRoundTripMs + forgetMs)
    : line.leastRoundTripMs;
  const known = { ...line, leastRoundTripMs, last: look };
  const { phase } = line;
  switch (phase.kind) {
    case 'changing':
      if (look.layer !== line.ceiling && look.atMs - phase.fromMs < changeMs) return known;
      return { ...known, phase: phase.down ? { kind: 'draining', fromMs: look.atMs } : judged(look) };
    case 'draining':
      return look.atMs - phase.fromMs < drainMs ? known : { ...known, phase: judged(look) };
    case 'judged': {
      const { loss } = look;
      const windowLoss = lossSince(phase.window, look);
      const isWindow = look.atMs - phase.window.atMs >= windowMs;
      const queued = roundTripMs > 2 * leastRoundTripMs + queueMs;
      const bad = loss > heavyLoss || queued ? phase.bad + 1 : 0;
      if (loss >= severeLoss || bad >= 2 || (isWindow && windowLoss > lightLoss)) {
        const arrivedBps = (1 - Math.max(loss, windowLoss)) * look.bitrateBps;
        return lowered(known, look, fitting(lowerBps, arrivedBps));
      }
      if (!isWindow) return { ...known, phase: { ...phase, bad } };
      if (line.ceiling < lowerBps.length && bad === 0 && look.atMs - phase.goodFromMs >= line.patienceMs)
        return changed(known, look, line.ceiling + 1);
      return { ...known, phase: { ...phase, window: look, bad } };
    }
  }
}

function judged(look: LineLook): Phase {
  return { kind: 'judged', window: look, goodFromMs: look.atMs, bad: 0 };
}

function lossSince(from: Counters, to: Counters): number {
  return Math.min(1, Math.max(0, to.lost - from.lost) / Math.max(1, to.sent - from.sent));
}

/** The best layer of which so much, in bit/s, is surely enough; the lowest is sent whatever the line. */
function fitting(lowerBps: LowerBps, arrivedBps: number): number {
  return Math.max(
    0,
    lowerBps.findLastIndex((bps) => bps <= usableShare * arrivedBps),
  );
}

/**
 * Below the lowest there is nothing, only a longer wait. It doubles with each layer that did not hold, once a try has failed:
 * a fall without one, as right after joining, may have been a bad moment, and the first try tells.
 */
function lowered(line: ReportedLine, look: LineLook, fits: number): ReportedLine {
  if (line.ceiling === 0) return { ...line, phase: judged(look) };
  const held = look.atMs - line.sinceMs >= heldMs;
  const falls = held ? 0 : line.falls + 1;
  const patienceMs = held || line.tried ? patienceAfter(falls) : line.patienceMs;
  return { ...changed(line, look, Math.min(fits, line.ceiling - 1)), falls, patienceMs };
}

function patienceAfter(falls: number): number {
  return Math.min(firstPatienceMs * 2 ** falls, longestPatienceMs);
}

function changed(line: ReportedLine, { atMs }: LineLook, ceiling: number): ReportedLine {
  const down = ceiling < line.ceiling;
  return { ...line, ceiling, sinceMs: atMs, tried: !down, phase: { kind: 'changing', down, fromMs: atMs } };
}
