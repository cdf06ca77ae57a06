import type { Verb } from './verb.ts';

/** A file of a verb: its words, its options and what it does. */
interface VerbFile {
  add(program: Verb): unknown;
}

/** Every verb with its file, in the order of the help. A command line pays for its own only. */
const verbs: Readonly<Record<string, () => Promise<VerbFile>>> = {
  stream: () => import('../commands/stream.ts'),
  status: () => import('../commands/status.ts'),
  rooms: () => import('../commands/rooms.ts'),
  broadcasts: () => import('../commands/broadcasts.ts'),
  viewers: () => import('../commands/viewers.ts'),
  report: () => import('../commands/report.ts'),
  tui: () => import('../commands/tui.ts'),
  devices: () => import('../commands/devices.ts'),
  stop: () => import('../commands/stop.ts'),
  keep: () => import('../commands/keep.ts'),
  probe: () => import('../commands/probe.ts'),
  events: () => import('../commands/events.ts'),
  playlist: () => import('../commands/playlist.ts'),
  programme: () => import('../commands/programme.ts'),
  take: () => import('../commands/take.ts'),
  slate: () => import('../commands/slate.ts'),
  pause: () => import('../commands/pause.ts'),
  resume: () => import('../commands/resume.ts'),
  seek: () => import('../commands/seek.ts'),
  volume: () => import('../commands/volume.ts'),
  mute: () => import('../commands/mute.ts'),
  unmute: () => import('../commands/unmute.ts'),
  schedule: () => import('../commands/schedule.ts'),
  keys: () => import('../commands/keys.ts'),
  hands: () => import('../commands/hands.ts'),
  link: () => import('../commands/link.ts'),
  links: () => import('../commands/links.ts'),
  tokens: () => import('../commands/tokens.ts'),
  publishers: () => import('../commands/publishers.ts'),
  webhooks: () => import('../commands/webhooks.ts'),
  apply: () => import('../commands/apply.ts'),
  diff: () => import('../commands/diff.ts'),
  export: () => import('../commands/export.ts'),
  reload: () => import('../commands/reload.ts'),
  'upgrade-check': () => import('../commands/upgrade-check.ts'),
  history: () => import('../commands/history.ts'),
  logs: () => import('../commands/logs.ts'),
  'log-level': () => import('../commands/log-level.ts'),
  audit: () => import('../commands/audit.ts'),
  context: () => import('../commands/context.ts'),
  daemon: () => import('../commands/daemon.ts'),
  config: () => import('../commands/config.ts'),
  state: () => import('../commands/state.ts'),
  worker: () => import('../commands/worker.ts'),
  doctor: () => import('../commands/doctor.ts'),
  completion: () => import('../commands/completion.ts'),
  help: () => import('../commands/help.ts'),
};

/** Adds the verb that a command line names; all of them where it names none, asks for help or has to be told what there is. */
export async function addVerbs(program: Verb, words: readonly string[]): Promise<void> {
  const verb = firstWord(words);
  const alone = verb !== undefined && verb !== 'help' && Object.hasOwn(verbs, verb) ? verbs[verb] : undefined;
  const loads = alone === undefined ? Object.values(verbs) : [alone];
  for (const { add } of await Promise.all(loads.map((load) => load()))) add(program);
}

/** The first word behind the flags that all commands share: the verb, or what was typed in its place. */
export function firstWord(words: readonly string[]): string | undefined {
  return words.find(
    (word, place) =>
      !/^--(json|no-color|socket|host|token-file|fingerprint|context|config)(=|$)/.test(word) &&
      !/^--(socket|host|token-file|fingerprint|context|config)$/.test(words[place - 1] ?? ''),
  );
}
