import { every, systemClock } from '../../contract/clock.ts';
import { dieFirst } from '../ffmpeg/out-of-memory.ts';
import { familyVariable } from './descendants.ts';
import { watchParent } from './parent-watch.ts';
import { WorkMark } from './work-mark.ts';

/** How often a process says that its loop turns, in ms. */
const beatMs = 500;

/** What a process does. */
export interface ChildWork<Request> {
  handle(request: Request): void;
  /** Ends what it has started. */
  close(): Promise<void>;
}

/** What a process knows of itself. @param report tells the daemon something; what cannot be sent any more is for nobody */
type Create<Request, Report> = (
  report: (report: Report) => void,
  workMark: WorkMark,
  family: string,
) => ChildWork<Request>;

/** All that a process of a `WatchedChild` does beside its work. It ends when the daemon lets it go, or is gone. */
export function runChild<Request, Report>(create: Create<Request, Report>): void {
  const family = process.env[familyVariable] ?? '';
  const report = (message: unknown) => process.send?.(message, undefined, undefined, () => {});
  dieFirst('self');
  watchParent(family, Number(process.argv[2]));
  const work = create(report, new WorkMark(Number(process.argv[3]) || null), family);
  every(systemClock, beatMs, () => report({ type: 'beat' }));
  process.on('message', (request: Request) => work.handle(request));
  process.on('disconnect', () => void work.close().finally(() => process.exit(0)));
  // What is meant for the daemon, such as Ctrl-C in a terminal, is the daemon's to act on. Node would open its inspector at SIGUSR1.
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGUSR1', 'SIGUSR2'] as const)
    process.on(signal, () => {});
}
