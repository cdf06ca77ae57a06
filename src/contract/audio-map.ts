const side = '\\d{1,2}(?::\\d{1,2})?';

/** What becomes left and right: tracks by number, and a channel of each where it has several, all counted from 0, such as `0+1`, `0:0+0:0`. */
export const audioMapPattern = new RegExp(`^${side}\\+${side}$`);
export const audioMapWords = 'expected LEFT+RIGHT, each TRACK or TRACK:CHANNEL, such as 0+1 or 0:2+0:3';

/** One of both. */
export interface MapSide {
  readonly track: number;
  /** null: all of the track, as mono. */
  readonly channel: number | null;
}

/** @param map as `audioMapPattern` takes it */
export function mapSides(map: string): { readonly left: MapSide; readonly right: MapSide } {
  const [left = '', right = ''] = map.split('+');
  return { left: readSide(left), right: readSide(right) };
}

function readSide(text: string): MapSide {
  const [track, channel] = text.split(':').map(Number);
  return { track: track ?? 0, channel: channel ?? null };
}
