import { endFamily } from '../child/descendants.ts';
import type { Answers, Asker } from '../child/line.ts';
import type { ChildWork } from '../child/run-child.ts';
import type { WorkMark } from '../child/work-mark.ts';
import { RemoteGuard } from '../guard/remote-guard.ts';
import type { DaemonCalls, IngestCalls } from '../pool/calls.ts';
import { KnownItems } from '../pool/known-items.ts';
import type { Director } from './director/director.ts';
import type { DirectorOptions } from './director/director-options.ts';
import { openDirector } from './director/open-director.ts';
import { IngestContext } from './ingest-context.ts';
import { Routes } from './players/routes.ts';
import { posterOf } from './poster/poster-of.ts';
import { RemoteTurns } from './remote-turns.ts';

/** What an ingest process does: it carries programmes. @param family what it and all that it starts have in their environment */
export function ingestProcess(
  daemon: Asker<DaemonCalls>,
  workMark: WorkMark,
  family: string,
): ChildWork<IngestCalls> {
  let begun: IngestContext | undefined;
  const context = () => {
    if (!begun) throw new Error("expected 'begin' before all else");
    return begun;
  };
  return {
    answers: {
      async begin(sources) {
        begun = await IngestContext.create(sources, new Routes(daemon), {
          ...{ workMark, guard: new RemoteGuard(daemon), turns: new RemoteTurns(daemon) },
          onFound: (finding) => daemon.tell('file', finding),
        });
      },
      setAside: (sources) => context().setAside(sources),
      files: (findings) => context().sources.learn(findings),
      publication: ({ room, key, publication }) => context().publications(room).set(key, publication),
      prepare: ({ room, source, rules }, signal) => context().lookFirst(room, source, rules, signal),
      devices: () => context().sources.listDevices(),
      stdin: () => context().sources.openStdin((token) => daemon.tell('stdinOver', { token })),
      ...programmes(daemon, context),
    },
    // All that it has started ends, whatever state that is in.
    async close() {
      await endFamily(family);
      await begun?.close();
    },
  };
}

/** The programmes that it carries. */
function programmes(
  daemon: Asker<DaemonCalls>,
  context: () => IngestContext,
): Pick<Answers<IngestCalls>, 'open' | 'connect' | 'want' | 'close' | 'poster'> {
  /** Also those that are being opened. */
  const opened = new Map<
    string,
    { readonly director: Promise<Director>; readonly items: KnownItems; readonly options: DirectorOptions }
  >();
  return {
    async open({ id, options, snapshot, generation, looked }) {
      const director = openDirector(options, snapshot, generation, looked, context(), {
        onEvent: (event) => daemon.tell('event', { id, event }),
        onSeen: (seen) => daemon.tell('seen', { id, seen }),
        // Whoever called it may catch that as a failure of its own: the process ends all the same, and the room opens it again.
        onBroken: (error) =>
          setImmediate(() => {
            throw error;
          }),
      });
      opened.set(id, { director, items: new KnownItems(snapshot.wanted), options });
      try {
        return { port: (await director).port };
      } catch (error) {
        opened.delete(id);
        throw error;
      }
    },
    async connect({ id, port }) {
      const programme = opened.get(id);
      if (!programme) throw new Error(`there is no programme ${id}`);
      await (await programme.director).connect(port);
    },
    async want({ id, looked, ...sent }) {
      const programme = opened.get(id);
      // In the order that they were sent in.
      const wanted = programme?.items.complete(sent);
      if (wanted) await (await programme?.director)?.want(wanted, looked);
    },
    async poster({ id, slate }, signal) {
      const programme = opened.get(id);
      return programme ? await posterOf(await programme.director, programme.options, slate, signal) : null;
    },
    async close({ id }) {
      const programme = await opened.get(id)?.director.catch(() => undefined);
      opened.delete(id);
      await programme?.close();
    },
  };
}
