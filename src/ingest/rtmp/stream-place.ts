import type { StreamRequest } from './bounded-session.ts';

/** Where somebody wants to publish, and with what. */
export interface StreamPlace {
  /** As people type it: rooms are written small. */
  readonly room: string;
  readonly secret: string;
}

/** Secrets have other characters too. */
const isLikeRoom = /^[a-z0-9-]{1,63}$/i;

/**
 * The room and the secret of `rtmp://host/ROOM` with the stream key SECRET, or of `rtmp://host/ROOM/SECRET` as one address. Each of
 * both may have a query behind it, which means nothing here; one address may have it in its midst. null: there is more.
 */
export function streamPlace({ app, name }: Pick<StreamRequest, 'app' | 'name'>): StreamPlace | null {
  const steps = [app, name].flatMap(pathOf);
  const [room = '', secret = queriedKey(app, name), more] = steps;
  return more === undefined ? { room: room.toLowerCase(), secret } : null;
}

/** Of a place that is none, what may be told: the last step, the name and whatever else could be a secret is not in it. */
export function placeWords({ app, name }: Pick<StreamRequest, 'app' | 'name'>): string {
  const [first = ''] = pathOf(app);
  const steps = [app, name].flatMap(pathOf).length;
  const shown = steps > 1 && isLikeRoom.test(first) ? `${first}/…` : '…';
  return `${shown} (steps: ${steps})`;
}

function pathOf(text: string): string[] {
  const [path = ''] = text.split('?');
  return path
    .split('/')
    .map((step) => step.trim())
    .filter((step) => step !== '');
}

/** Of `ROOM?user=stage/SECRET`, which clients without a stream key leave as it is. */
function queriedKey(...texts: readonly string[]): string {
  const queries = texts.flatMap((text) => text.split('?').slice(1));
  return (
    queries
      .flatMap((query) => query.split('/').slice(1))
      .at(-1)
      ?.trim() ?? ''
  );
}
