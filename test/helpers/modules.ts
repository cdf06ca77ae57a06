import { readFileSync } from 'node:fs';
import { glob } from 'node:fs/promises';
import { dirname, join, normalize } from 'node:path';

/** Something that a module imports, in whatever way. */
export interface Import {
  /** A path from the folder of the repository, or the name of a package. */
  readonly name: string;
  /** Nothing of it is there when the module runs. */
  readonly typeOnly: boolean;
}

/** A file of the source. */
export interface Module {
  /** As it is written, without its comments. */
  readonly code: string;
  readonly imports: readonly Import[];
}

/** All files of the source by their paths from the folder of the repository. */
export async function readModules(): Promise<Map<string, Module>> {
  const modules = new Map<string, Module>();
  for await (const file of glob('src/**/*.{ts,tsx}')) {
    const code = withoutComments(readFileSync(file, 'utf8'));
    modules.set(file, { code, imports: importsOf(code, file) });
  }
  return modules;
}

/** What a module imports: by statements, by `import()` when it runs, and by `import()` in a type. */
export function importsOf(code: string, file: string): Import[] {
  const path = (name: string) => (name.startsWith('.') ? normalize(join(dirname(file), name)) : name);
  const statements = code.matchAll(/^(?:import|export)\s+(type\s)?(?:[^;'"]*?\sfrom\s+)?['"]([^'"]+)['"]/gm);
  const calls = code.matchAll(/\bimport\(\s*['"]([^'"]+)['"]\s*\)/g);
  return [
    ...[...statements].map(([, type, name = '']) => ({ name: path(name), typeOnly: type !== undefined })),
    ...[...calls].map(([, name = '']) => ({ name: path(name), typeOnly: false })),
  ];
}

function withoutComments(code: string): string {
  return code.replace(/\/\*[\s\S]*?\*\//g, '').replace(/^\s*\/\/.*$/gm, '');
}

/** Groups of nodes that reach each other: Tarjan's strongly connected components of more than one node. */
export function circlesIn(edges: ReadonlyMap<string, readonly string[]>): string[][] {
  const circles: string[][] = [];
  const indices = new Map<string, number>();
  const open: string[] = [];
  const visit = (node: string): number => {
    const index = indices.size;
    let low = index;
    indices.set(node, index);
    open.push(node);
    for (const next of edges.get(node) ?? []) {
      if (!indices.has(next)) low = Math.min(low, visit(next));
      else if (open.includes(next)) low = Math.min(low, indices.get(next) ?? low);
    }
    if (low === index) {
      const circle = open.splice(open.indexOf(node));
      if (circle.length > 1 || edges.get(node)?.includes(node)) circles.push(circle.sort());
    }
    return low;
  };
  for (const node of edges.keys()) if (!indices.has(node)) visit(node);
  return circles;
}
