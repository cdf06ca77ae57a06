import { spawn } from 'node:child_process';
import { existsSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { MiroliveError } from '../../../src/contract/errors.ts';
import type { Seen } from '../../../src/contract/snapshot.ts';
import type { Asker } from '../../../src/ingest/child/line.ts';
import { markOf } from '../../../src/ingest/child/mark.ts';
import { runChild } from '../../../src/ingest/child/run-child.ts';
import { WorkMark } from '../../../src/ingest/child/work-mark.ts';
import type { DaemonCalls, IngestCalls, Opening } from '../../../src/ingest/pool/calls.ts';

/**
 * Stands for an ingest process: speaks as one does, and works on its sources as their paths say, such as /spin; what it sees at /nonsense is none, what it tells at /empty and /lie, and asks for at /idle, is nothing that one does. It dies of what it looks at for the first time at /die/FILE: FILE is there afterwards. A programme that
 * is played says 'live' after its first piece of work. What it starts at /leave has nothing of its environment, and holds its
 * standard error open; its pid is told. It never begins where its own folder has a file of the name `hang`.
 */
const works: Record<string, () => void> = {
  '/spin': () => {
    for (;;);
  },
  '/throw': () => {
    throw new TypeError('what nobody has foreseen');
  },
  '/grow': () => {
    kept.push(Buffer.alloc(32 * 1024 * 1024, 1));
  },
};
const kept: Buffer[] = [];

const programmes = new Map<string, Opening>();
const setAside = new Set<string>();
let marks = new WorkMark(null);

function play(daemon: Asker<DaemonCalls>, id: string, { options: { room }, snapshot }: Opening): void {
  const main = snapshot.wanted.chain[0]?.source;
  if (main?.kind !== 'file') return;
  const mark = markOf(room, main);
  if (setAside.has(mark.source)) return;
  if (main.path === '/leave') {
    const plan = { video: null, audio: null };
    const { pid = -1 } = spawn('sleep', ['60'], { env: {}, detached: true, stdio: ['ignore', 'ignore', 2] });
    daemon.tell('event', { id, event: { type: 'pipeline.started', pid, plan, round: false } });
  }
  if (main.path === '/nonsense') {
    const seen = { version: 1, positionMs: Number.NaN } as unknown as Seen;
    daemon.tell('seen', { id, seen });
  }
  if (main.path === '/empty') daemon.tell('event', undefined as never);
  if (main.path === '/lie')
    daemon.tell('file', { what: 'durationMs', path: '/a', identity: '', value: '1' } as never);
  if (main.path === '/idle') void daemon.ask('turn', { room } as never).catch(() => {});
  const slice = marks.slice(mark);
  const work = () => slice(works[main.path] ?? (() => {}));
  setTimeout(() => {
    work();
    daemon.tell('event', { id, event: { type: 'live' } });
    setInterval(work, 20);
  }, 20);
}

runChild<IngestCalls, DaemonCalls>((daemon, workMark) => {
  marks = workMark;
  return {
    answers: {
      begin({ ownFolder }) {
        while (existsSync(join(ownFolder, 'hang')));
      },
      setAside(sources) {
        setAside.clear();
        for (const source of sources) setAside.add(source);
      },
      files: () => {},
      publication: () => {},
      open(opening) {
        programmes.set(opening.id, opening);
        return { port: 1 };
      },
      connect({ id }) {
        const opening = programmes.get(id);
        if (opening) play(daemon, id, opening);
      },
      poster: () => null,
      want() {
        throw new MiroliveError('INTERNAL', 'what is wanted cannot be');
      },
      close: () => {},
      devices() {
        throw new MiroliveError('INTERNAL', 'nobody asks');
      },
      stdin() {
        const token = `${process.pid}`;
        process.once('SIGUSR2', () => daemon.tell('stdinOver', { token }));
        return { path: '/pipe', token };
      },
      prepare({ source }) {
        const [, once] = /^\/die(\/.*)/.exec(source.kind === 'file' ? source.path : '') ?? [];
        if (once !== undefined && !existsSync(once)) {
          if (existsSync(dirname(once))) writeFileSync(once, '');
          process.kill(process.pid, 'SIGKILL');
        }
        const here = source.kind === 'stdin' && source.token === `${process.pid}`;
        throw new MiroliveError('SOURCE_NOT_FOUND', here ? 'here' : 'elsewhere');
      },
    },
    close: async () => {},
  };
});
