import type { IngestPool } from '../../ingest/pool/ingest-pool.ts';
import type { OpeningOptions, OpenProgramme } from './room-parts.ts';

/** Opens a broadcast's programme in an ingest process. */
export async function openProgramme(
  pool: Pick<IngestPool, 'open'>,
  { broadcast, snapshot, generation, looked, listener, signal }: OpeningOptions,
): Promise<OpenProgramme> {
  const options = { ...broadcast.options, ...broadcast.output };
  // An opening that was given up may still be there: it is another programme than the one that is opened in its place.
  const id = `${broadcast.id}-${generation}`;
  const programme = await pool.open(id, { options, snapshot, generation, looked }, signal);
  programme.on('event', (event) => listener.event(event));
  programme.on('seen', (seen) => listener.seen(seen));
  programme.once('gone', () => listener.gone('its ingest process is gone'));
  return programme;
}
