/** Where it is to be had; by a name of its own, so that it is no part of what fetches it. */
const place: string = '/assets/later.js';

/** Fetches what the page needs later; the next time what has come is there at once. */
export const fetchLater = (): Promise<typeof import('./later.ts')> => import(place);
