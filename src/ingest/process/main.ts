import { runChild } from '../child/run-child.ts';
import { ingestProcess } from './ingest-process.ts';

// Forked by the daemon: makes every packet of its rooms. When it dies, another one takes its place.
process.title = 'mirolive ingest';
runChild(ingestProcess);
