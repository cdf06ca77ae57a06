/** What the rows of one measurement mean. */
interface Explained {
  /** What its rows say. */
  readonly says: string;
  /** How it comes to them. */
  readonly how: string;
  /** What `--runs` counts, and how many there are without it. */
  readonly runs: string;
}

const strip =
  'a strip in each picture of the publisher, 720p30 with AAC, bears the wall clock in ms, drawn before the picture is encoded, and the page reads it back from the video element and compares it with the same clock; the encoder keeps nothing back but what B-frames need';

/** Every measurement by its name on the command line, in the order in which they are made. */
export const rowsExplained = {
  ready: {
    says: 'daemon ready',
    how: 'from the start of `mirolive daemon` to its log line `ready`: all ports are bound, RTMP’s too',
    runs: '7 starts',
  },
  status: {
    says: 'mirolive status, without and with a configuration',
    how: 'the whole process, from start to end, against a running daemon; the configuration is `configs/examples/full.yaml`',
    runs: '15 of each',
  },
  'waiting-page': {
    says: 'stream → picture in a waiting page',
    how: 'from the start of `mirolive stream` to the first decoded picture in a page that already waits in the room; the browser’s clock is compared with ours before',
    runs: '7',
  },
  'opened-page': {
    says: 'opening → poster, → picture of a broadcast',
    how: 'from the start of the navigation, with an empty cache, to the first decoded picture of a broadcast of one copied rendition with a key frame each second; openings are spread over the time between two key frames. The poster is there when it is first drawn; where the picture came first, that counts',
    runs: '20 openings',
  },
  'opened-ladder': {
    says: 'opening → picture, with renditions',
    how: 'the same of a broadcast with `--renditions source,360p,240p`',
    runs: '20 openings',
  },
  'opened-whep': {
    says: 'WHEP → picture of a broadcast',
    how: 'the same of a page with nothing of ours in it but a WHEP client, of a broadcast that is published by RTMP; in turns with the server beside',
    runs: '20 openings',
  },
  memory: {
    says: 'RSS, PSS and CPU idle',
    how: 'memory 4 s after the start, of the daemon alone and with its RTMP process and its first ingest process, and processor time of all processes over 5 s',
    runs: '3 starts',
  },
  copied: {
    says: 'CPU and RSS for each copied file',
    how: 'user and system time of all processes, without viewers, over 10 s, divided by the files on air (H.264 of 2 Mbit/s and Opus): one, 8 and 30 of them; and by how much the ingest processes grow from one file to 30, divided by 29',
    runs: '3 windows',
  },
  'copied-rtmp': {
    says: 'CPU, copied RTMP with AAC',
    how: 'the same of one broadcast that ffmpeg publishes by RTMP, the encoder’s own process not counted; beside it the process of the other server',
    runs: '3 windows',
  },
  transcoded: {
    says: 'CPU, transcoded file',
    how: 'the same of a file with B-frames and AAC, which are both transcoded',
    runs: '3 windows',
  },
  latency: {
    says: 'RTMP → picture, and jitter',
    how: `from the making of a picture to its being shown by the same WHEP page for each server: ${strip}. The median and 95 % of the pictures of 10 s, for two viewers with sound and one of the picture alone, one after the other; the figure is the median of the viewers’. The jitter is what \`getStats()\` says of \`inbound-rtp\`, the median of a look each 500 ms; the publisher’s own is what tcpdump sees of its RTMP, by the same formula (RFC 3550, 6.4.1). Transcoded for B-frames, and for key frames 8 s apart, with one viewer each`,
    runs: '2 broadcasts',
  },
  'whip-latency': {
    says: 'WHIP → picture',
    how: 'the same from a page of Chromium that draws the strip on a canvas and publishes that by WHIP, in the codec of its choice, to our page',
    runs: 'one viewer',
  },
  outage: {
    says: 'publisher killed → slate; started anew, let in again → picture',
    how: 'from a SIGKILL of the encoder that publishes by RTMP to the first of three pictures in a row without its clock; from the start of the encoder’s process, and from the event `publisher.joined`, right behind which it sends its first key frame, to the first picture with its clock',
    runs: '3',
  },
  switches: {
    says: 'longest gap, …',
    how: 'the longest time between two pictures that the page shows, from right before a command to 1.5 s behind it: the slate and back, `take` of another file and back, `seek`, `pause`, `resume`; and at the change from one item to the next in a playlist of two sizes',
    runs: '5',
  },
  viewers: {
    says: 'CPU, worker with N viewers, and per packet against others',
    how: 'user and system time of the worker process over 11 s in which N WHEP viewers watch the copied broadcast; of `bench/bare-worker.ts`, the same worker binary, fed by ffmpeg directly, behind the smallest WHEP endpoint; and of the whole other server, fed by RTMP; in turns. The ratios are of the medians, each divided by the packets that its viewers received',
    runs: '2 of each',
  },
  kick: {
    says: 'kick → page without picture',
    how: 'from the start of `mirolive viewers kick v-k3v7qm2xay`, or of the call that it makes, to the second frame that the viewer’s page has drawn since it says that it was put out',
    runs: '10 of each',
  },
  metrics: {
    says: '/metrics of an idle daemon, and with 20 broadcasts and 2,000 viewers',
    how: 'from the question of an HTTP client, in the same process as the daemon, to the end of the answer, each older than what is told again; what is on air are cards, and the viewers are listed as real ones are, and get nothing. The processor time beside it is that of the main thread: an answer also waits for cores that the broadcasts have',
    runs: '20 of each',
  },
  'viewers-list': {
    says: 'viewers list of 2,000, how late the daemon is meanwhile',
    how: 'from the start of `mirolive viewers list --json` to its end, of viewers in 20 rooms who have a transport each on a real worker, which is looked at meanwhile as those of real ones are, 40 in a second; and the longest time, while it runs, that something else had to wait for the daemon’s main thread',
    runs: '10',
  },
  setup: {
    says: 'set-up from nothing',
    how: 'only with `--only setup`: `npm run worker` in a fresh clone with no cache: npm’s packages, the build of the worker, our own build. System packages that are there already cost nothing',
    runs: '1',
  },
} as const satisfies Readonly<Record<string, Explained>>;

/** The name of a measurement on the command line. */
export type MeasurementName = keyof typeof rowsExplained;

export const named = Object.keys(rowsExplained) as readonly MeasurementName[];
/** Without those that only who asks for them gets. */
export const usual: readonly MeasurementName[] = named.filter((name) => name !== 'setup');
