/** The text of index.html with its style and its script in it. */
export function buildPage(folder: string): Promise<string>;
