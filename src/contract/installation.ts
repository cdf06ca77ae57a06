/** Of the path of this module, in src or in a build: the last of these names is ours. */
const [, root = '', build] = /^(.*\/)(?:src|dist\/([^/]+))\//.exec(import.meta.url) ?? [];

/** The folder in dist that this process runs from; undefined: it runs from src. */
export const ownBuild = build;

/** The link in dist to the newest build, from the folder of package.json. */
export const newestBuild = 'dist/current';

/** A file or folder that comes with mirolive. @param path from the folder of package.json */
export function installed(path: string): URL {
  return new URL(path, root);
}

/** What is started as a process of its own, or loaded by its place, as it lies in src: each is an entry of the build. */
export const programs = [
  'cli/main',
  'daemon/main',
  'daemon/state/main',
  'daemon/state/snapshot-thread',
  'daemon/history/history-thread',
  'daemon/hooks/outbox-thread',
  'ingest/process/main',
  'ingest/guard/main',
  'ingest/rtmp/main',
] as const;

/**
 * A file or folder of the same build as what asks, however many were made since: a daemon's processes speak as it does until it ends.
 * Tests run the rest of the source itself, but processes of it take three times as long to begin: theirs are of the newest build.
 */
export function built(path: string): URL {
  const folder = build === undefined ? newestBuild : `dist/${build}`;
  return installed(`${folder}/${path}`);
}

/** The built one, whoever starts it. */
export function builtProgram(name: (typeof programs)[number]): URL {
  return built(`${name}.js`);
}
