/** The text of an HTML file of the folder with its style and its script, where it has one, in it. */
export function buildPage(folder: string, name: string): Promise<string>;
