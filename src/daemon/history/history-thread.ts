import { parentPort, workerData } from 'node:worker_threads';
import { systemClock } from '../../contract/clock.ts';
import { HistoryFile } from './history-file.ts';
import type { HistoryAnswer, HistoryTask } from './history-messages.ts';
import { tables } from './tables.ts';

const { file: path, sinceMs } = workerData as { readonly file: string; readonly sinceMs: number };
const file = new HistoryFile(path, tables, systemClock, sinceMs);

function done(task: HistoryTask): unknown {
  switch (task.do) {
    case 'write':
      file.write(task.batch, task.lostMs, task.limits);
      return null;
    case 'tidy':
      file.tidy(task.limits);
      return null;
    case 'remove':
      return file.remove(task.what);
    case 'read':
      return file.read(task.table, task.query, task.part);
  }
}

parentPort?.on('message', (task: HistoryTask) => {
  let result: unknown = null;
  let problem: string | null = null;
  try {
    result = done(task);
  } catch (error) {
    problem = (error as Error).message;
  }
  const answer: HistoryAnswer = { result, problem, trouble: file.trouble, setAside: file.takeSetAside() };
  parentPort?.postMessage(answer);
});
