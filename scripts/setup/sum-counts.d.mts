/** The line that says what all of these runs together have counted. A run that came to no count of its own is one that failed. */
export function sumCounts(outputs: readonly string[]): string;
