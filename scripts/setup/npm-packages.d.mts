/** Installs what the lock file says, where node_modules is not a link. */
export function installNpmPackages(root: string, options?: { readonly signal?: AbortSignal }): Promise<void>;
