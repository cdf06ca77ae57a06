import { runChild } from '../child/run-child.ts';
import type { IngestReport, IngestRequest } from '../pool/messages.ts';
import { IngestProcess } from './ingest-process.ts';

// Forked by the daemon: makes every packet of its rooms. When it dies, another one takes its place.
process.title = 'mirolive ingest';
runChild<IngestRequest, IngestReport>(
  (report, workMark, family) => new IngestProcess(report, workMark, family),
);
