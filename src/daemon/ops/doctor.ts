import { access, constants, readFile } from 'node:fs/promises';
import { execa } from 'execa';
import { locateWorker, workerCapabilities } from '#native/mediasoup-worker/locate.mjs';
import { type Config, roomConfig } from '../../contract/config.ts';
import type { Finding } from '../../contract/finding.ts';
import { brokenWorker, workerFinding } from '../../contract/worker-finding.ts';
import { missingToneMaps } from '../../ingest/ffmpeg/tone-maps.ts';
import { askOfMount } from '../../ingest/probe/source-file.ts';
import { workerFault } from '../sfu/worker-fault.ts';
import { addressFinding } from './address-finding.ts';
import { partFindings } from './ffmpeg-findings.ts';
import { h264Finding } from './h264-finding.ts';
import { hstsFinding } from './hsts-finding.ts';
import { outgoingPortsFinding, portFindings } from './port-findings.ts';
import { certificateFindings, fallbackKeyFindings, stateFinding } from './publishing-findings.ts';
import { roomProblems } from './room-problems.ts';

/** A program that takes longer to say what it is hangs, in ms; a machine with much else to do needs seconds. */
const answerTimeoutMs = 20_000;

/** The oldest ffmpeg that is tested. */
const minFfmpeg = 5;
/** UDP buffer that holds a large key frame for all viewers of a room. */
const wantedUdpBufferBytes = 4 * 1024 * 1024;
/** Before this moment a clock cannot be right; certificates and schedules would fail. */
const earliestClock = Date.UTC(2025, 0, 1);

/**
 * Looks at everything that the daemon needs, one finding after the other. Where it runs already, it has its workers and its ports.
 *
 * @param nowMs since 1970
 */
export async function* runDoctor(
  config: Config,
  env: Readonly<Record<string, string | undefined>>,
  nowMs: number,
  { running = false }: { readonly running?: boolean } = {},
): AsyncGenerator<Finding> {
  yield await ffmpegFinding('ffmpeg', config.media.ffmpeg);
  yield await ffmpegFinding('ffprobe', config.media.ffprobe);
  yield* partFindings(config.media.ffmpeg);
  yield await toneMapFinding(config.media.ffmpeg);
  yield await h264Finding(config);
  // What runs has them; where they are looked for depends on its environment, which is not this one.
  if (!running) {
    yield await locatedWorkerFinding(config, env);
    yield* portFindings(config);
  }
  yield await outgoingPortsFinding(config);
  yield addressFinding(config.webrtc);
  yield* certificateFindings(config, nowMs);
  yield* [hstsFinding(config.http)].filter((found) => found !== null);
  yield await stateFinding(config, env, { running });
  yield await udpBufferFinding();
  yield clockFinding(nowMs);
  for (const root of config.media.roots) yield await rootFinding(root);
  yield* roomFindings(config);
  yield* fallbackKeyFindings(config, env, nowMs);
}

async function* roomFindings(config: Config): AsyncGenerator<Finding> {
  const problems = await roomProblems(config);
  for (const room of Object.keys(config.rooms)) {
    const check = `room ${room}`;
    const found = problems.filter((problem) => problem.room === room);
    for (const { error } of found) yield { check, state: 'fail', detail: error.message, fix: error.hint };
    if (found.length === 0) yield ok(check, usableWords(room, config));
  }
}

function usableWords(room: string, config: Config): string {
  return roomConfig(config, room).poster === 'off'
    ? `its slate and its fallbacks can be used; it has no poster, unless by rooms.${room}.poster: auto`
    : 'its slate, its poster and its fallbacks can be used';
}

function ok(check: string, detail: string): Finding {
  return { check, state: 'ok', detail, fix: null };
}

async function ffmpegFinding(check: string, program: string): Promise<Finding> {
  const result = await execa(program, ['-hide_banner', '-version'], {
    reject: false,
    timeout: answerTimeoutMs,
  });
  if (result.failed) {
    return {
      check,
      state: 'fail',
      detail: `${program} does not run: ${result.shortMessage}`,
      fix: `apt-get install ffmpeg, or set media.${check}`,
    };
  }
  const version = /version (\S+)/.exec(result.stdout)?.[1] ?? 'unknown';
  if (Number.parseInt(version, 10) < minFfmpeg) {
    return {
      check,
      state: 'warn',
      detail: `version ${version}`,
      fix: `Install version ${minFfmpeg} or newer`,
    };
  }
  return ok(check, `version ${version}`);
}

async function toneMapFinding(program: string): Promise<Finding> {
  const check = 'HDR';
  const missing = await missingToneMaps(program);
  if (missing === null)
    return {
      check,
      state: 'warn',
      detail: `${program} did not say in time whether it has zscale and tonemap`,
      fix: 'Run it again when this machine has less to do: mirolive doctor',
    };
  if (missing.length === 0) return ok(check, 'tone-mapped to BT.709 by zscale and tonemap');
  return {
    check,
    state: 'warn',
    detail: `HDR (PQ, HLG) is shown pale, as ${program} has no ${missing.join(' and ')}`,
    fix: 'Install an ffmpeg that was built with libzimg (Debian’s is)',
  };
}

async function locatedWorkerFinding(
  config: Config,
  env: Readonly<Record<string, string | undefined>>,
): Promise<Finding> {
  const located = locateWorker({ workerBin: config.workers.bin ?? undefined, env });
  if (!located)
    return {
      check: 'worker',
      state: 'fail',
      detail: 'there is no mediasoup-worker',
      fix: 'Get one: mirolive worker build',
    };
  const capabilities = await workerCapabilities(located.path);
  if (capabilities) return workerFinding({ ...located, capabilities });
  return brokenWorker({ ...located, capabilities: null }, workerFault(located.path));
}

async function udpBufferFinding(): Promise<Finding> {
  const check = 'UDP buffer';
  const path = '/proc/sys/net/core/rmem_max';
  const bytes = Number(await readFile(path, 'utf8').catch(() => '0'));
  if (bytes >= wantedUdpBufferBytes) return ok(check, `${bytes} bytes`);
  return {
    check,
    state: 'warn',
    detail: `at most ${bytes} bytes: large key frames may be lost under load`,
    fix: `sysctl -w net.core.rmem_max=${wantedUdpBufferBytes}`,
  };
}

function clockFinding(nowMs: number): Finding {
  const check = 'clock';
  const detail = new Date(nowMs).toISOString();
  if (nowMs > earliestClock) return ok(check, detail);
  return { check, state: 'fail', detail, fix: 'Set the clock: timedatectl set-ntp true' };
}

async function rootFinding(root: string): Promise<Finding> {
  const readable = await askOfMount(root, () => access(root, constants.R_OK | constants.X_OK)).then(
    () => true,
    () => false,
  );
  if (readable) return ok('media root', root);
  return {
    check: 'media root',
    state: 'fail',
    detail: `${root} cannot be read`,
    fix: `mkdir -p ${root}, and allow the daemon's user to read it`,
  };
}
