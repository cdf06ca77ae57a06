import type { ChildProcess } from 'node:child_process';
import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import type { types } from 'mediasoup';
import * as mediasoup from 'mediasoup';
import type { LocatedWorker } from '#native/mediasoup-worker/locate.mjs';
import type { Clock } from '../../contract/clock.ts';
import type { Config } from '../../contract/config.ts';
import { asMiroliveError, MiroliveError } from '../../contract/errors.ts';
import { fastOneHint } from '../../contract/worker-finding.ts';
import { childEnvironment } from '../../ingest/child/child-environment.ts';
import { absentAddress } from './absent-address.ts';
import { mediaAddresses } from './addresses.ts';
import { deathWords } from './death-words.ts';
import { workerFault } from './worker-fault.ts';

/** A mediasoup Worker with its WebRtcServer: one UDP and one TCP port for all the viewers on it. */
export interface WorkerSlot {
  readonly worker: types.Worker;
  readonly server: types.WebRtcServer;
  readonly port: number;
}

/** One that takes longer to start, in ms, hangs. It takes 0.1 s on an idle machine. */
const startLimitMs = 20_000;

/**
 * Starts the worker at this place among all of them; one that hangs meanwhile is killed.
 *
 * @throws MiroliveError PORT_IN_USE, WORKER_BROKEN, NO_WORKER
 */
export async function startWorker(
  located: LocatedWorker,
  config: Config,
  index: number,
  clock: Clock,
): Promise<WorkerSlot> {
  const { child, starting } = spawnWorker(located.path);
  let late = false;
  const limit = clock.after(startLimitMs, () => {
    late = true;
    child?.kill('SIGKILL');
  });
  try {
    const worker = await starting.catch((error: unknown) => {
      throw workerBroken(located, error);
    });
    leaveSignals(worker);
    return await withServer(worker, config, index);
  } catch (error) {
    if (!late) throw error;
    throw new MiroliveError('NO_WORKER', `it did not start within ${startLimitMs / 1000} s`, {
      cause: error,
    });
  } finally {
    limit.cancel();
  }
}

/** Its process did not start, or ended before it was ready. */
function workerBroken(located: LocatedWorker, cause: unknown): MiroliveError {
  const { path } = located;
  const reason = workerFault(path) ?? deathWords((cause as Error).message);
  return new MiroliveError('WORKER_BROKEN', `the mediasoup worker ${path} does not start: ${reason}`, {
    cause,
    hint: fastOneHint(located),
  });
}

/** mediasoup gives a worker only once it runs; its process is there before. */
function spawnWorker(bin: string): { child: ChildProcess | undefined; starting: Promise<types.Worker> } {
  let child: ChildProcess | undefined;
  const spawned = (message: unknown) => {
    child = (message as { process: ChildProcess }).process;
  };
  subscribe('child_process', spawned);
  // It takes all of the environment, and has no setting for that.
  const whole = process.env;
  process.env = childEnvironment(whole);
  const starting = mediasoup.createWorker({
    workerBin: bin,
    logLevel: 'warn',
    logTags: ['ice', 'dtls', 'rtp', 'srtp', 'rtcp'],
  });
  process.env = whole;
  unsubscribe('child_process', spawned);
  return { child, starting };
}

/** mediasoup closes a worker by itself at a signal to the daemon, which has viewers told first, and closes it then. */
function leaveSignals(worker: types.Worker): void {
  const { onSignal } = worker as types.Worker & { readonly onSignal: () => void };
  for (const signal of ['SIGINT', 'SIGTERM']) process.removeListener(signal, onSignal);
}

async function withServer(worker: types.Worker, config: Config, index: number): Promise<WorkerSlot> {
  try {
    const server = await worker.createWebRtcServer({ listenInfos: listenInfos(config, index) });
    return { worker, server, port: await firstPort(server) };
  } catch (error) {
    worker.close();
    const absent = absentAddress(config.webrtc);
    if (absent && /not available/i.test(String(error))) throw absent;
    const wanted = config.webrtc.port + index;
    if (!/in use/i.test(String(error))) throw asMiroliveError(error);
    throw new MiroliveError(
      'PORT_IN_USE',
      `expected UDP and TCP port ${wanted} to be free for media, something holds it`,
      { cause: error, details: { key: 'webrtc.port', port: String(wanted) } },
    );
  }
}

function listenInfos(config: Config, index: number): types.TransportListenInfo[] {
  const port = config.webrtc.port === 0 ? {} : { port: config.webrtc.port + index };
  // Any address of IPv6 may be beside any of IPv4.
  const flags = { ipv6Only: true };
  return mediaAddresses(config.webrtc).flatMap((address) =>
    (['udp', 'tcp'] as const).map((protocol) => ({ protocol, ...address, ...port, flags })),
  );
}

async function firstPort(server: types.WebRtcServer): Promise<number> {
  const { udpSockets } = await server.dump();
  return udpSockets[0]?.port ?? 0;
}
