import { IngestPool } from '../../../src/ingest/pool/ingest-pool.ts';
import { sourcesOptions } from '../../helpers/sources-options.ts';
import { openingOf, optionsFor } from '../process/director/played-programme.ts';

/** Stands for a daemon: plays a file, says the pids of its ingest process and of ffmpeg, and goes on until it is ended. */
const pool = IngestPool.create({ sources: sourcesOptions, processes: 1, maxMemoryBytes: 2 ** 30 });
const programme = await pool.open('a', openingOf(await optionsFor(process.argv[2] ?? '', { loop: true })));
programme.on('event', (event) => {
  if (event.type === 'pipeline.started') process.send?.([pool.processes[0]?.pid, event.pid]);
});
programme.connect(9);
