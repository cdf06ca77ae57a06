import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  type CallInput,
  type CallName,
  type CallResult,
  calls,
  type StreamName,
} from '../../src/contract/api.ts';
import { asMiroliveError, errorTable } from '../../src/contract/errors.ts';
import { type Event, event } from '../../src/contract/events.ts';
import { apiVersion, apiVersionHeader } from '../../src/contract/routes.ts';
import type { View } from '../../src/contract/view/view.ts';
import { type ViewLine, viewLine } from '../../src/contract/view/view-line.ts';

type Answers = {
  [N in Exclude<CallName, StreamName>]?: (
    input: CallInput<N>,
    gone: AbortSignal,
  ) => CallResult<N> | Promise<CallResult<N>>;
};

/** A daemon's control socket with answers by a test: for what no real daemon can be brought to at will. */
export interface Desk extends AsyncDisposable {
  readonly socket: string;
  /** Every call that came, with its parameters as the contract reads them. */
  readonly asked: { readonly name: CallName; readonly input: unknown }[];
  /** Sends an event to everyone who listens. */
  emit(event: Event): void;
  /** Shows this to everyone who observes, and to who begins to; null: it hangs up on them, as a daemon does that is not there. */
  show(view: View | null): void;
  /** Cuts every connection, as a daemon does that dies. */
  cut(): void;
}

interface DeskOptions {
  readonly api?: string | null;
  /** What is told to who observes, instead of what is shown. */
  readonly observe?: (input: CallInput<'observe'>, gone: AbortSignal) => AsyncIterable<ViewLine>;
  /** The call whose answer begins, and never ends. */
  readonly halts?: CallName;
}

/** Listens on a socket of its own. Parameters and results go through the contract's schemas, so that neither side can drift. */
export async function openDesk(answers: Answers, options: DeskOptions = {}): Promise<Desk> {
  const folder = await mkdtemp(join(tmpdir(), 'desk-'));
  const socket = join(folder, 'control.sock');
  const listeners = new Set<ServerResponse>();
  const watchers = new Set<ServerResponse>();
  let shown: View | null = null;
  let telling: NodeJS.Timeout | undefined;
  const asked: Desk['asked'] = [];
  const api = options.api === undefined ? String(apiVersion) : options.api;

  const server = createServer(async (request, response) => {
    if (api !== null) response.setHeader(apiVersionHeader, api);
    try {
      const { name, input } = await read(request);
      asked.push({ name, input });
      if (name === options.halts) {
        response.write('[');
        return;
      }
      if (name === 'events') {
        listeners.add(response);
        response.on('close', () => listeners.delete(response));
        const at = new Date().toISOString();
        response.write(line({ type: 'events.open', at, from: at }));
        if (!(input as CallInput<'events'>).follow) response.end();
        return;
      }
      if (name === 'observe' && options.observe) {
        const gone = new AbortController();
        response.on('close', () => gone.abort());
        for await (const told of options.observe(input as CallInput<'observe'>, gone.signal))
          response.write(`${JSON.stringify(told)}\n`);
        return;
      }
      if (name === 'observe') {
        watchers.add(response);
        response.on('close', () => watchers.delete(response));
        if (shown) response.write(viewText(shown));
        else response.destroy();
        return;
      }
      const answer = (answers as Readonly<Record<string, unknown>>)[name] as
        | ((input: unknown, gone: AbortSignal) => unknown)
        | undefined;
      if (answer === undefined) throw new Error(`no answer for ${name}`);
      const gone = new AbortController();
      response.once('close', () => gone.abort());
      response.end(JSON.stringify(calls[name].result.parse(await answer(input, gone.signal))));
    } catch (thrown) {
      const error = asMiroliveError(thrown);
      response.statusCode = errorTable[error.code].status;
      response.end(JSON.stringify({ error }));
    }
  });
  await new Promise<void>((resolve) => server.listen(socket, resolve));

  return {
    socket,
    asked,
    emit(value) {
      for (const response of listeners) response.write(line(value));
    },
    show(view) {
      shown = view;
      const tell = () => {
        for (const response of watchers) {
          if (view) response.write(viewText(view));
          else response.destroy();
        }
      };
      tell();
      clearInterval(telling);
      // As a daemon does, whose figures come each second.
      telling = setInterval(tell, 1000);
    },
    cut: () => server.closeAllConnections(),
    async [Symbol.asyncDispose]() {
      clearInterval(telling);
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      await rm(folder, { recursive: true });
    },
  };
}

function viewText(view: View): string {
  return `${JSON.stringify(viewLine.parse({ type: 'snapshot', epoch: 'e', seq: 0, view }))}\n`;
}

function line(value: Event): string {
  return `${JSON.stringify(event.parse(value))}\n`;
}

/** Which call a request is, by the contract's table. */
async function read(request: IncomingMessage): Promise<{ name: CallName; input: unknown }> {
  const url = new URL(request.url ?? '', 'http://desk');
  let body = '';
  for await (const chunk of request) body += chunk;
  for (const [name, call] of Object.entries(calls)) {
    const pattern = new RegExp(`^${call.path.replace(/:(\w+)/g, '(?<$1>[^/]+)')}$`);
    const match = pattern.exec(url.pathname);
    if (match === null || call.method !== request.method) continue;
    const inPath = Object.entries(match.groups ?? {}).map(([key, value]) => [key, decodeURIComponent(value)]);
    const given = {
      ...Object.fromEntries(url.searchParams),
      ...(body === '' ? {} : JSON.parse(body)),
      ...Object.fromEntries(inPath),
    };
    return { name: name as CallName, input: call.params.parse(given) };
  }
  throw new Error(`no call ${request.method} ${url.pathname}`);
}
