/** The folder of package.json, dist and native, seen from src or from anywhere in dist: the last of these names in the path is ours. */
const root = import.meta.url.replace(/^(.*\/)(?:src|dist)\/.*$/, '$1');

/** A file or folder that comes with mirolive. @param path from the folder of package.json */
export function installed(path: string): URL {
  return new URL(path, root);
}

/** What is started as a process of its own, or loaded by its place, as it lies in src: each is an entry of the build. */
export const programs = [
  'cli/main',
  'daemon/main',
  'ingest/process/main',
  'ingest/guard/main',
  'ingest/rtmp/main',
] as const;

/** The built one, whoever starts it: tests run the rest of the source itself, but processes of it take three times as long to begin. */
export function builtProgram(name: (typeof programs)[number]): URL {
  return installed(`dist/${name}.js`);
}
