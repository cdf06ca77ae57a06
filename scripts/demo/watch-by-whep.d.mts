/** Plays a WHEP resource without a browser until 30 pictures and half a second of sound were received. */
export function watchByWhep(url: string): Promise<unknown>;
