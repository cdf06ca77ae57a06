/** A poster is no larger, in bytes, whether it is made or a file. */
export const maxPosterBytes = 512 * 1024;
