import type { ClientRequest, IncomingMessage } from 'node:http';
import type { CallName, CallParams, CallResult, StreamName } from '../contract/api.ts';
import type { DoctorLine } from '../contract/doctor-line.ts';
import { type ErrorBody, errorTable, MiroliveError } from '../contract/errors.ts';
import type { Event } from '../contract/events.ts';
import type { ToldOfLog } from '../contract/log.ts';
import { quoted } from '../contract/quoted.ts';
import { apiVersion, apiVersionHeader, type Route, routes } from '../contract/routes.ts';
import type { ScanLine } from '../contract/scan.ts';
import type { ViewLine } from '../contract/view/view-line.ts';
import type { Observed, ObserveParams, OpenLines } from './observed-view.ts';
import { type Place, placeName } from './places/place.ts';
import { goneAway, lineTo } from './places/reach.ts';

// An import would read every export of node:http, some of which load a WebSocket client: 50 ms for every command.
const { request } = process.getBuiltinModule('node:http');

/** How long a question may wait for the beginning of its answer. Calls that start work (POST) have no limit: the daemon bounds that work, while it lives. */
const answerTimeoutMs = 10_000;

/** The control API, typed by the contract's table. */
export interface Client {
  /** Where the daemon is that it talks to. */
  readonly place: Place;
  /** Makes one call; what the daemon answers with an error is thrown as that error. */
  call<N extends Exclude<CallName, StreamName>>(
    name: N,
    params: CallParams<N>,
    options?: CallOptions,
  ): Promise<CallResult<N>>;
  /** Makes a call that takes bytes: sends all of them as they come. */
  send(
    name: 'writeStdin',
    params: CallParams<'writeStdin'>,
    bytes: NodeJS.ReadableStream,
    options?: CallOptions,
  ): Promise<CallResult<'writeStdin'>>;
  /** How far a file has been read, then what was found in it. @throws what it was given up for */
  scan(
    params: CallParams<'scan'>,
    options?: CallOptions,
  ): AsyncIterable<Exclude<ScanLine, { type: 'failed' }>>;
  /** What is found on the machine of the daemon, one thing after the other. */
  doctor(options?: CallOptions): AsyncIterable<Exclude<DoctorLine, { type: 'failed' }>>;
  /** What the log says, behind `open`. With `follow` it ends only by leaving the loop, or by throwing when the daemon ends or goes away. */
  logs(
    params: CallParams<'logs'>,
    options?: CallOptions,
  ): AsyncIterable<Exclude<ToldOfLog, { type: 'failed' }>>;
  /** The live view, each time that it changes, over restarts of the daemon too; see `observeView`. Ends with the loop, or with `signal`. */
  observe(params: ObserveParams, signal?: AbortSignal): AsyncIterable<Observed>;
  /** Events, behind `events.open`. With `follow` it ends only by leaving the loop, or by throwing when the daemon ends or goes away. */
  events(params: CallParams<'events'>, options?: CallOptions): AsyncIterable<Event>;
}

/** Options of one call. */
export interface CallOptions {
  readonly signal?: AbortSignal | undefined;
  /** Default 10 s for questions; calls that start work have none, as long as the daemon answers questions beside them, and sent bytes have none. */
  readonly timeoutMs?: number | undefined;
  /** How long a daemon may leave such a question unanswered: after two of them it hangs. Default 10 s. */
  readonly questionMs?: number | undefined;
}

/** A client of a daemon. Nothing is sent before the first call. @param at a path: of its control socket */
export function createClient(at: Place | string): Client {
  const place: Place = typeof at === 'string' ? { kind: 'socket', path: at } : at;
  return {
    place,
    async call(name, params, options = {}) {
      if (!Object.hasOwn(routes, name) || 'stream' in routes[name])
        throw new MiroliveError('USAGE', `expected the name of a call, got ${quoted(String(name))}`, {
          hint: 'All calls: docs/control-api-calls.md; streams have methods of their own',
        });
      const response = await send(place, routes[name], params, options);
      return JSON.parse(await text(response, place));
    },
    async send(name, params, bytes, options = {}) {
      const response = await send(place, routes[name], params, options, bytes);
      return JSON.parse(await text(response, place));
    },
    scan: (params, options = {}) => values<ScanLine>(place, routes.scan, params, options),
    doctor: (options = {}) => values<DoctorLine>(place, routes.doctor, {}, options),
    async *observe(params, signal = new AbortController().signal) {
      const { observeView } = await import('./observed-view.ts');
      const { systemClock } = await import('../contract/clock.ts');
      const open: OpenLines = (asked, heard) =>
        values<ViewLine>(place, routes.observe, asked, { signal: heard });
      yield* observeView(open, params, systemClock, signal);
    },
    async *logs(params, options = {}) {
      yield* values<ToldOfLog>(place, routes.logs, params, options);
      if (params.follow) throw goneAway(place);
    },
    async *events(params, options = {}) {
      let isEnding = false;
      try {
        for await (const event of values<Event>(place, routes.events, params, options)) {
          isEnding ||= event.type === 'daemon.stopping';
          yield event;
        }
      } catch (error) {
        if (!isEnding) throw error;
      }
      if (params.follow === false) return;
      if (isEnding) throw new MiroliveError('SHUTTING_DOWN', `the daemon on ${placeName(place)} has ended`);
      throw goneAway(place);
    },
  };
}

/** What is answered line by line. @throws what it was given up for */
async function* values<T extends { readonly type: string }>(
  place: Place,
  route: Route,
  params: Readonly<Record<string, unknown>>,
  options: CallOptions,
): AsyncGenerator<Exclude<T, { type: 'failed' }>> {
  const response = await send(place, route, params, options);
  try {
    for await (const line of lines(response, place)) {
      const told: T = JSON.parse(line);
      if (told.type === 'failed') throw wireError(line, place);
      yield told as Exclude<T, { type: 'failed' }>;
    }
  } finally {
    response.destroy();
  }
}

/** Sends a request and waits for the head of its answer, which must be of our API version and no error. */
async function send(
  place: Place,
  route: Route,
  params: Readonly<Record<string, unknown>>,
  { signal, timeoutMs, questionMs = answerTimeoutMs }: CallOptions,
  bytes?: NodeJS.ReadableStream,
): Promise<IncomingMessage> {
  const { path, rest } = fillPath(route.path, params);
  const posts = route.method === 'POST';
  const body = posts && !bytes ? JSON.stringify(rest) : undefined;
  const type = bytes ? 'application/octet-stream' : 'application/json';
  const line = await lineTo(place);
  const answered = new AbortController();
  const response = await new Promise<IncomingMessage>((resolve, reject) => {
    const outgoing = request({
      method: route.method,
      path: posts ? path : path + query(rest),
      headers: { ...line.headers, ...(posts && { 'content-type': type }) },
      // An agent would find out whether the host is an IP address, for TLS, with patterns that take 4 ms to be read.
      createConnection: (_options, done) => line.open(done as Parameters<typeof line.open>[0]),
      signal,
    });
    const limitMs = timeoutMs ?? (posts ? 0 : answerTimeoutMs);
    outgoing.setTimeout(limitMs, () => outgoing.destroy(new Error(`no answer within ${limitMs / 1000} s`)));
    outgoing.on('response', (incoming) => {
      incoming.socket.setTimeout(0);
      resolve(incoming);
    });
    outgoing.on('error', (error) => reject(signal?.aborted ? error : line.failure(error)));
    // What is sent for hours is looked after by its own connection.
    if (limitMs === 0 && !bytes) giveUpWhereItHangs(outgoing);
    if (bytes) bytes.once('error', (error) => outgoing.destroy(error)).pipe(outgoing);
    else outgoing.end(body);
  }).finally(() => answered.abort());
  checkVersion(response, place);
  if ((response.statusCode ?? 500) >= 400) throw wireError(await text(response, place), place);
  return response;

  async function giveUpWhereItHangs(outgoing: ClientRequest): Promise<void> {
    const { hangs } = await import('./hung-daemon.ts');
    const ask = async (asked: AbortSignal) =>
      (await send(place, routes.version, {}, { signal: asked })).destroy();
    if (!(await hangs(ask, questionMs, answered.signal))) return;
    const leftMs = 2 * questionMs;
    outgoing.destroy(
      new Error(`it has answered nothing for ${leftMs / 1000} s; what was asked for may still be done`),
    );
  }
}

function fillPath(template: string, params: Readonly<Record<string, unknown>>) {
  const rest = { ...params };
  const path = template.replace(/:(\w+)/g, (_, name: string) => {
    delete rest[name];
    return encodeURIComponent(String(params[name]));
  });
  return { path, rest };
}

function query(params: Readonly<Record<string, unknown>>): string {
  const given = Object.entries(params).filter(([, value]) => value !== undefined);
  const search = new URLSearchParams(given.map(([name, value]) => [name, String(value)])).toString();
  return search && `?${search}`;
}

/** One version up or down is understood: whoever reads leaves out what it does not know, and says what is missing. */
function checkVersion(response: IncomingMessage, place: Place): void {
  const got = response.headers[apiVersionHeader];
  if (Math.abs(Number(got ?? Number.NaN) - apiVersion) <= 1) return;
  const where = placeName(place);
  response.destroy();
  throw new MiroliveError(
    'DAEMON_INCOMPATIBLE',
    got === undefined
      ? `what answers on ${where} is not mirolive`
      : `the daemon on ${where} speaks version ${got} of the control API, this command speaks version ${apiVersion}`,
  );
}

async function text(response: IncomingMessage, place: Place): Promise<string> {
  let body = '';
  response.setEncoding('utf8');
  try {
    for await (const chunk of response) body += chunk;
  } catch (cause) {
    throw goneAway(place, cause);
  }
  return body;
}

async function* lines(response: IncomingMessage, place: Place): AsyncGenerator<string> {
  let rest = '';
  response.setEncoding('utf8');
  try {
    for await (const chunk of response) {
      const parts = (rest + chunk).split('\n');
      rest = parts.pop() ?? '';
      yield* parts.filter((part) => part !== '');
    }
  } catch (cause) {
    throw goneAway(place, cause);
  }
}

function wireError(body: string, place: Place): MiroliveError {
  const error = parseErrorBody(body);
  if (error === undefined)
    return new MiroliveError('INTERNAL', `the daemon on ${placeName(place)} answered: ${body}`);
  return new MiroliveError(error.code, error.message, { hint: error.hint });
}

function parseErrorBody(body: string): ErrorBody | undefined {
  try {
    const { error } = JSON.parse(body) as { error?: ErrorBody };
    return error !== undefined && Object.hasOwn(errorTable, error.code) ? error : undefined;
  } catch {
    return undefined;
  }
}
