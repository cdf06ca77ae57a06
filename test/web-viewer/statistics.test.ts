import { describe, expect, test } from 'vitest';
import { readStatistics, type Statistics } from '../../src/web-viewer/statistics.ts';
import { formatBitrate, statisticsRows } from '../../src/web-viewer/statistics-rows.ts';
import {
  hasStarted,
  type Progress,
  type Sync,
  watchProgress,
  watchSync,
} from '../../src/web-viewer/watchdog.ts';

/** A report as Chromium gives it, cut down to what is read. */
function report(change: { bytes: number; decoded: number }) {
  const entries = [
    { id: 'T', type: 'transport', selectedCandidatePairId: 'P' },
    { id: 'P', type: 'candidate-pair', currentRoundTripTime: 0.012, localCandidateId: 'L' },
    { id: 'L', type: 'local-candidate', protocol: 'tcp' },
    { id: 'CV', type: 'codec', mimeType: 'video/H264' },
    { id: 'CA', type: 'codec', mimeType: 'audio/opus' },
    { id: 'probation', type: 'inbound-rtp', kind: 'video', ssrc: 1234, bytesReceived: 1e9 },
    {
      id: 'V',
      type: 'inbound-rtp',
      kind: 'video',
      ssrc: 5,
      codecId: 'CV',
      bytesReceived: change.bytes,
      packetsReceived: 997,
      packetsLost: 3,
      jitterBufferDelay: 4,
      jitterBufferEmittedCount: 100,
      frameWidth: 1280,
      frameHeight: 720,
      framesPerSecond: 29.9,
      framesDecoded: change.decoded,
      framesDropped: 2,
      freezeCount: 1,
      totalFreezesDuration: 0.42,
    },
    {
      id: 'A',
      type: 'inbound-rtp',
      kind: 'audio',
      ssrc: 6,
      codecId: 'CA',
      bytesReceived: 0,
      packetsReceived: 1000,
    },
  ];
  return new Map(entries.map((entry) => [entry.id, entry]));
}

const first = readStatistics(report({ bytes: 100_000, decoded: 30 }), 1000, null);
const second = readStatistics(report({ bytes: 350_000, decoded: 60 }), 2000, first);
const nothing = readStatistics(new Map(), 0, null);

describe('The statistics', () => {
  test('leave out the stream by which mediasoup probes the bandwidth', () => {
    expect(first.video?.bytes).toBe(100_000);
  });

  test('make the bit rate of two measurements', () => {
    expect([first.bitrateBps, second.bitrateBps]).toEqual([null, 2_000_000]);
  });

  test('find the nominated pair where a browser reports no transport', () => {
    const entries = report({ bytes: 0, decoded: 0 });
    entries.delete('T');
    expect(readStatistics(entries, 0, null).protocol).toBeNull();
    const pair = {
      id: 'P',
      type: 'candidate-pair',
      nominated: true,
      state: 'succeeded',
      localCandidateId: 'L',
    };
    const nominated = new Map<string, { type: string }>([...entries, ['P', pair]]);
    expect(readStatistics(nominated, 0, null).protocol).toBe('tcp');
  });

  test('are shown as rows', () => {
    expect(
      statisticsRows(
        { ...second, video: second.video && { ...second.video, jitterBufferMs: 40.4 } },
        'source',
      ),
    ).toEqual([
      ['Rendition', 'Source'],
      ['Resolution', '1280 × 720'],
      ['Frame rate', '30 fps'],
      ['Bit rate', '2.0 Mbit/s'],
      ['Codecs', 'H264, OPUS'],
      ['Packets lost', '3 (0.1 %)'],
      ['Jitter buffer', '40 ms'],
      ['Frames dropped', '2'],
      ['Freezes', '1 (0.4 s)'],
      ['Round trip', '12 ms'],
      ['Transport', 'TCP'],
    ]);
  });

  test('show a dash for what is not known', () => {
    expect(statisticsRows(nothing, null).filter(([, value]) => value === '–')).toHaveLength(9);
  });

  test.each([
    [0, '0 kbit/s'],
    [96_400, '96 kbit/s'],
    [999_499, '999 kbit/s'],
    [999_500, '1.0 Mbit/s'],
    [2_149_000, '2.1 Mbit/s'],
  ])('write %d bit/s as %s', (bps, text) => {
    expect(formatBitrate(bps)).toBe(text);
  });
});

describe('The watchdog', () => {
  /** Looks once a second at what is given. */
  function watch(looks: readonly Statistics[], seesPicture = true): boolean {
    let progress: (Progress & { stalled: boolean }) | null = null;
    for (const [index, look] of looks.entries()) {
      progress = watchProgress(progress, { ...look, atMs: index * 1000 }, seesPicture);
    }
    return progress?.stalled ?? false;
  }

  test.each([
    {
      name: 'trusts a picture that moves',
      looks: [first, second, first, second, first, second, first],
      stalled: false,
    },
    { name: 'lets 4 s without a frame pass', looks: Array(5).fill(first), stalled: false },
    { name: 'gives up after 5 s without a frame', looks: Array(6).fill(first), stalled: true },
    { name: 'begins anew at each frame', looks: [...Array(5).fill(first), second, second], stalled: false },
    { name: 'gives up where nothing has ever come', looks: Array(6).fill(nothing), stalled: true },
  ])('$name', ({ looks, stalled }) => {
    expect(watch(looks)).toBe(stalled);
  });

  test('gives nothing up at the first look after a machine has stood still, and at the next what does not go on', () => {
    const looks = [
      { look: first, atMs: 0, stalled: false },
      { look: second, atMs: 1000, stalled: false },
      { look: second, atMs: 9000, stalled: false },
      { look: first, atMs: 10_000, stalled: false },
      { look: first, atMs: 18_000, stalled: false },
      { look: first, atMs: 19_000, stalled: true },
    ];
    let progress: ReturnType<typeof watchProgress> | null = null;
    for (const { look, atMs, stalled } of looks) {
      progress = watchProgress(progress, { ...look, atMs }, true);
      expect({ atMs, stalled: progress.stalled }).toEqual({ atMs, stalled });
    }
  });

  test('looks at packets while the page is hidden, since it need not decode there', () => {
    const received = (packets: number): Statistics => ({
      ...first,
      audio: first.audio && { ...first.audio, packets },
    });
    const looks = [1, 2, 3, 4, 5, 6, 7].map(received);
    expect([watch(looks, true), watch(looks, false)]).toEqual([true, false]);
  });

  test('gives up where sound comes and the picture that is to come does not', () => {
    const heard = (packets: number): Statistics => ({
      ...first,
      video: null,
      audio: first.audio && { ...first.audio, packets },
    });
    const looks = [1, 2, 3, 4, 5, 6, 7].map(heard);
    expect([watch(looks, true), watch(looks, false)]).toEqual([true, false]);
  });

  test('takes no sound for the start of a picture', () => {
    const sound: Statistics = {
      ...first,
      video: null,
      audio: first.audio && { ...first.audio, emitted: 960 },
    };
    expect([hasStarted(sound, true), hasStarted(sound, false), hasStarted(first, true)]).toEqual([
      false,
      true,
      true,
    ]);
  });

  /** One second: how much sound was missing, and how far behind the sound the picture is that plays, in ms; null: not known. */
  type Second = readonly [missedMs: number, behindMs: number | null];
  const calm: Second = [0, 30];

  /** The seconds, by their number, after which sound and picture were found apart. */
  function apart(
    seconds: readonly Second[],
    { alignedAtMs = null, fps = 30, seen = true }: Partial<Circumstances>,
  ): number[] {
    let measured: { statistics: Statistics; sync: Sync } | null = null;
    let concealedMs = 0;
    const found: number[] = [];
    for (const [index, [missedMs, behindMs]] of seconds.entries()) {
      concealedMs += missedMs;
      const playoutMs = 4_000_000_000_000 + index * 1000;
      const audio = first.audio && { ...first.audio, concealedMs, playoutMs };
      const pictureMs = behindMs === null ? null : playoutMs - behindMs;
      const video = first.video && { ...first.video, fps, playoutMs: pictureMs };
      const statistics = { ...first, audio, video, atMs: index * 1000 };
      const sync: Sync = watchSync(measured, statistics, seen, alignedAtMs);
      measured = { statistics, sync };
      if (sync.apart) found.push(index);
    }
    return found;
  }

  interface Circumstances {
    readonly alignedAtMs: number | null;
    readonly fps: number;
    readonly seen: boolean;
  }

  test.each<{ name: string; seconds: Second[]; found: number[] } & Partial<Circumstances>>([
    {
      name: 'finds sound late that stood still and came at once',
      seconds: [calm, [950, 30], [950, -400], [0, -900]],
      found: [3],
    },
    { name: 'finds a picture late behind it', seconds: [calm, [500, 400], [0, 400]], found: [2] },
    {
      name: 'trusts sound that was missing and goes on in time',
      seconds: [calm, [950, 30], [950, 30], calm, calm],
      found: [],
    },
    {
      name: 'waits for a second look, as a picture may just stand',
      seconds: [calm, [500, 30], [0, 400], calm, [0, 400], calm],
      found: [],
    },
    {
      name: 'leaves what a faltering line has apart to the browser',
      seconds: [calm, [60, 200], [150, 500], [60, 500]],
      found: [],
    },
    {
      name: 'takes no notice of a gap of long ago',
      seconds: [calm, [900, 30], ...Array(20).fill(calm), [0, 600], [0, 600]],
      found: [],
    },
    {
      name: 'waits a minute before it joins anew again',
      seconds: [calm, [900, 300], [0, 900]],
      alignedAtMs: -57_000,
      found: [],
    },
    {
      name: 'may join anew a minute after the last time',
      seconds: [calm, [900, 300], [0, 900]],
      alignedAtMs: -58_000,
      found: [2],
    },
    {
      name: 'knows nothing where the browser does not tell',
      seconds: [calm, [900, null], [0, null], [0, null]],
      found: [],
    },
    {
      name: 'knows nothing of a picture that comes once a second',
      seconds: [calm, [900, 900], [0, 900], [0, 900]],
      fps: 1,
      found: [],
    },
    {
      name: 'knows nothing of a picture that nobody looks at',
      seconds: [calm, [900, 900], [0, 900], [0, 900]],
      seen: false,
      found: [],
    },
  ])('$name', ({ seconds, found, ...circumstances }) => {
    expect(apart(seconds, circumstances)).toEqual(found);
  });
});
