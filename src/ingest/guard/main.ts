import { runChild } from '../child/run-child.ts';
import { guardProcess } from './guard-process.ts';

// Forked by the daemon: reads what servers of strangers send. When it dies, it is started anew, and what it had open is opened again.
process.title = 'mirolive guard';
runChild((_daemon, workMark) => guardProcess(workMark));
