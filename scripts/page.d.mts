/** The text of an HTML file of the folder with its style and its script, where it has one, in it. */
export function buildPage(folder: string, name: string): Promise<string>;

/** The text of a module of its own, which a page fetches later. */
export function buildModule(folder: string, name: string): Promise<string>;
