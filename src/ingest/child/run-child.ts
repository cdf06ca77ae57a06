import type { Serializable } from 'node:child_process';
import { every, systemClock } from '../../contract/clock.ts';
import { dieFirst } from '../ffmpeg/out-of-memory.ts';
import { familyVariable } from './descendants.ts';
import { type Answers, type Asker, beat, type Calls, Line, type Message } from './line.ts';
import { ownPagesVariable } from './own-pages.ts';
import { watchParent } from './parent-watch.ts';
import { cutTexts } from './told.ts';
import { WorkMark } from './work-mark.ts';

/** How often a process says that its loop turns, in ms. */
const beatMs = 500;

/** What a process does. */
export interface ChildWork<Ours extends Calls<Ours>> {
  /** What it does when the daemon asks it. */
  readonly answers: Answers<Ours>;
  /** Ends what it has started. */
  close(): Promise<void>;
}

/** What a process knows of itself. @param daemon what it asks, and tells */
type Create<Ours extends Calls<Ours>, Theirs extends Calls<Theirs>> = (
  daemon: Asker<Theirs>,
  workMark: WorkMark,
  family: string,
) => ChildWork<Ours>;

/** All that a process of a `WatchedChild` does beside its work. It ends when the daemon lets it go, or is gone. */
export function runChild<Ours extends Calls<Ours>, Theirs extends Calls<Theirs>>(
  create: Create<Ours, Theirs>,
): void {
  const family = process.env[familyVariable] ?? '';
  // What cannot be sent any more is for nobody.
  const send = (message: Serializable) => process.send?.(message, undefined, undefined, () => {});
  // For this process: encoders do better without.
  delete process.env[ownPagesVariable];
  // Before: the watch is of no use where it dies first.
  watchParent(family);
  dieFirst('self');
  const line = new Line<Theirs>((message) => send(cutTexts(message) as Serializable));
  const work = create(line, new WorkMark(Number(process.argv[2]) || null), family);
  every(systemClock, beatMs, () => send(beat));
  process.on('message', (message) => line.handle(message as Message, work.answers));
  process.on('disconnect', () => void work.close().finally(() => process.exit(0)));
  // What is meant for the daemon, such as Ctrl-C in a terminal, is the daemon's to act on. Node would open its inspector at SIGUSR1.
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGUSR1', 'SIGUSR2'] as const)
    process.on(signal, () => {});
}
