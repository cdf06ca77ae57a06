/** The newest build of the checkout `root`, while there is one. */
export function currentBuild(root: string): string;
/** Makes `fresh`, a finished build on dist's file system, the newest one, and removes those of before that nobody needs. */
export function addBuild(root: string, fresh: string): Promise<void>;
