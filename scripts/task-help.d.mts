export const taskHelp: Readonly<Record<string, string>> & { readonly bench: string };
