import { runChild } from '../child/run-child.ts';
import { GuardProcess } from './guard-process.ts';
import type { GuardReport, GuardRequest } from './messages.ts';

// Forked by the daemon: reads what servers of strangers send. When it dies, it is started anew, and what it had open is opened again.
process.title = 'mirolive guard';
runChild<GuardRequest, GuardReport>((report, workMark) => new GuardProcess(report, workMark));
