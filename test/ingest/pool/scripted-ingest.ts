import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { MiroliveError } from '../../../src/contract/errors.ts';
import { markOf } from '../../../src/ingest/child/mark.ts';
import { runChild } from '../../../src/ingest/child/run-child.ts';
import { WorkMark } from '../../../src/ingest/child/work-mark.ts';
import type { IngestReport, IngestRequest, Opening } from '../../../src/ingest/pool/messages.ts';
import type { ProgrammeEvent } from '../../../src/ingest/process/director/director-options.ts';

/**
 * Stands for an ingest process: speaks as one does, and works on its sources as their paths say, such as /spin. A programme that
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

let report: (message: IngestReport) => void = () => {};
const programmes = new Map<string, Opening>();
const setAside = new Set<string>();
let marks = new WorkMark(null);

function play(id: string, { options: { room }, snapshot }: Opening): void {
  const main = snapshot.wanted.chain[0]?.source;
  if (main?.kind !== 'file') return;
  const mark = markOf(room, main);
  if (setAside.has(mark.source)) return;
  if (main.path === '/leave') {
    const { pid = -1 } = spawn('sleep', ['60'], { env: {}, detached: true, stdio: ['ignore', 'ignore', 2] });
    report({ type: 'event', id, event: { type: 'pipeline.started', pid } as ProgrammeEvent });
  }
  const slice = marks.slice(mark);
  const work = () => slice(works[main.path] ?? (() => {}));
  setTimeout(() => {
    work();
    report({
      type: 'event',
      id,
      event: { type: 'live' },
    });
    setInterval(work, 20);
  }, 20);
}

function handle(request: IngestRequest): void {
  if (request.type === 'begin') {
    while (existsSync(join(request.sources.ownFolder, 'hang')));
    report({ type: 'ready' });
  } else if (request.type === 'setAside') {
    setAside.clear();
    for (const source of request.sources) setAside.add(source);
  } else if (request.type === 'open') {
    programmes.set(request.id, request);
    report({ type: 'opened', request: 'open', id: request.id, port: 1 });
  } else if (request.type === 'connect') {
    const opening = programmes.get(request.id);
    if (opening) play(request.id, opening);
  } else if (request.type === 'want') {
    const error = new MiroliveError('INTERNAL', 'what is wanted cannot be').toJSON();
    report({ type: 'failed', request: 'want', id: request.id, error });
  } else if (request.type === 'stdin') {
    const token = `${process.pid}`;
    report({ type: 'stdin', request: 'stdin', id: request.id, place: { path: '/pipe', token } });
    process.once('SIGUSR2', () => report({ type: 'stdin.over', token }));
  } else if (request.type === 'prepare') {
    const { source } = request;
    const here = source.kind === 'stdin' && source.token === `${process.pid}`;
    const error = new MiroliveError('SOURCE_NOT_FOUND', here ? 'here' : 'elsewhere').toJSON();
    report({ type: 'failed', request: 'prepare', id: request.id, error });
  } else if (request.type === 'close') {
    report({ type: 'closed', request: 'close', id: request.id });
  }
}

runChild<IngestRequest, IngestReport>((tell, workMark) => {
  report = tell;
  marks = workMark;
  return { handle, close: async () => {} };
});
