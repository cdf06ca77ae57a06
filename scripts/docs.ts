// Writes the parts of docs/ that are made from the contract, and from what was measured: `node scripts/docs.ts`. A test holds them up to date.
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import type { Command } from 'commander';
import { benchmarksPage } from '../bench/benchmarks-page.ts';
import type { Report } from '../bench/report.ts';
import { buildProgram } from '../src/cli/program/program.ts';
import { type Binding, keyMap, keyWords, places, type Where } from '../src/cli/tui/dashboard/key-map.ts';
import { leaves } from '../src/cli/words/man-page.ts';
import { type Call, type CallName, calls } from '../src/contract/api.ts';
import { callRooms } from '../src/contract/call-rooms.ts';
import { type ErrorCode, type ErrorEntry, errorTable, exitStatusOf } from '../src/contract/errors.ts';
import { planReasons } from '../src/contract/plan-reasons.ts';
import { openApiDocument } from '../src/daemon/api/openapi.ts';
import { versions } from '../src/daemon/version.ts';

/** What `npm run bench -- --json` printed. */
const measured = new URL('../docs/benchmarks.json', import.meta.url);

/** The generated files of docs/, by name. */
export async function generatedDocs(): Promise<Record<string, string>> {
  return {
    'errors.md': errors(),
    'reasons.md': reasons(),
    'command-line.md': await commandLine(),
    'control-api-calls.md': callTable(),
    'tui-keys.md': dashboardKeys(),
    'benchmarks.md': benchmarksPage(JSON.parse(await readFile(measured, 'utf8')) as Report),
    'openapi.json': `${JSON.stringify(openApiDocument(versions.version), null, 2)}\n`,
  };
}

function errors(): string {
  const rows = (Object.entries(errorTable) as [ErrorCode, ErrorEntry][]).map(
    ([code, { status, summary, hint }]) =>
      `| \`${code}\` | ${status} | ${exitStatusOf(code)} | ${summary} | ${hint} |`,
  );
  return [
    '# Errors',
    '',
    'Every error has a code that scripts may match, a sentence with what was expected and what was got, and the next',
    'command to run. On the command line: `error: …` and `next: …` on standard error, or `{"error": {"code", "message", "hint"}}`',
    'with `--json`. On the control API: the same object with the HTTP status.',
    '',
    '| code | HTTP | exit status | when | next |',
    '| --- | --- | --- | --- | --- |',
    ...rows,
    '',
    'Exit statuses: 0 done, 1 failed, 2 usage, 3 daemon not reachable, 4 not found, 5 conflict, 6 `probe --scan` found something, or `upgrade-check` somebody, 130 interrupted by Ctrl-C',
    '(129 by SIGHUP, 143 by SIGTERM).',
    '',
  ].join('\n');
}

function reasons(): string {
  const rows = Object.entries(planReasons).map(
    ([code, { example, means, cure }]) => `| \`${example}\` | \`${code}\` | ${means} | ${cure} |`,
  );
  return [
    '# Why a track is transcoded',
    '',
    'What stands behind `because:` (with other figures), its code in `--json` (`plan.video.codes`, `plan.audio.codes`), and what',
    'to do about it beforehand.',
    '',
    '| reason | code | what it means | beforehand |',
    '| --- | --- | --- | --- |',
    ...rows,
    '',
  ].join('\n');
}

function dashboardKeys(): string {
  const row = ({ keys, words, changes }: Binding) =>
    `| ${keys.map((key) => `\`${keyWords(key)}\``).join(' ')} | ${words} | ${changes ? 'no' : 'yes'} |`;
  const sections = (Object.entries(places) as [Where, string][]).flatMap(([where, heading]) => {
    const bindings = keyMap.filter((binding) => binding.where === where);
    if (bindings.length === 0) return [];
    return [
      `## ${heading}`,
      '',
      '| key | what it does | with `--read-only` |',
      '| --- | --- | --- |',
      ...bindings.map(row),
      '',
    ];
  });
  return [
    '# Keys of the dashboard',
    '',
    'What each key of [`mirolive tui`](tui.md) does. `?` shows those that mean something where one is.',
    '',
    ...sections,
  ].join('\n');
}

async function commandLine(): Promise<string> {
  const program: Command = await buildProgram(ignored, ignored, async () => {});
  const sections = [['mirolive', program] as [string, Command], ...leaves(program)].flatMap(
    ([name, command]) => [`## ${name}`, '', '```text', help(command), '```', ''],
  );
  return [
    '# The command line',
    '',
    '`mirolive COMMAND`. The words below are those of `mirolive help COMMAND`.',
    '',
    '- Every command but `daemon`, `config check`, `doctor` and `completion` asks the daemon and needs one that runs.',
    '- Where the control socket is looked for: `--socket`, `MIROLIVE_SOCKET`, `control.socket` of the configuration,',
    '  `/run/mirolive/control.sock` if it is there (for root: if its folder is), `$XDG_RUNTIME_DIR/mirolive/control.sock`, else',
    '  `~/.local/state/mirolive/control.sock`. The daemon chooses its own by the same rule.',
    '- With `--json` standard output holds JSON only, one value per line, an error as `{"error": …}` too. Without it, errors go to',
    '  standard error as two lines, `error:` and `next:`.',
    '- `--watch` shows what a command shows anew as it changes, until Ctrl-C; four times a second at most, figures once. A terminal is drawn in place, as much as fits it, and is',
    '  left as it was, with what was seen last. Elsewhere each change is a block, with an empty line between two; with `--json` it is one value, on a line of its own (of a playlist on air, the number of its items).',
    '  While the daemon is away it says so, on standard error where there is no terminal, and goes on by itself; whoever reads slowly is told the latest of what he can take.',
    '- `-` in the place of a FILE is standard input where an event file is read (`apply -f -`, `diff -f -`), and standard output where a page or a bundle is written (`report --html -`, `doctor --bundle -`);',
    '  `report --csv` and `export` write there anyhow. Elsewhere it is refused, with what to do instead. A file that is called so is `./-`.',
    '- Colours appear on terminals only, and never with `--no-color` or `NO_COLOR`.',
    '',
    '## Exit statuses',
    '',
    '| status | meaning |',
    '| --- | --- |',
    '| 0 | done; for `mirolive stream`: the file was played to its end, or the broadcast was stopped by another command |',
    '| 1 | failed; for `mirolive doctor`: at least one check failed; for `mirolive status --check`: no room can be served |',
    '| 2 | the command line, the configuration or a parameter is not right |',
    '| 3 | no daemon answers, it ended, it hangs (a question has 10 s; what takes longer is given up once the daemon leaves two questions beside it unanswered, after 40 s), or it speaks another version |',
    '| 4 | not found: a broadcast, a room with something on air, a file, an audio track; for `mirolive report --room lobby`: nothing is there, and nothing is kept |',
    '| 5 | conflict: the room is busy, a port is taken, a daemon runs already |',
    '| 6 | `mirolive probe --scan talk.mp4` has found something that would be told on air, or is damaged; for `mirolive upgrade-check`: somebody would notice a restart |',
    '| 129, 130, 143 | interrupted by SIGHUP, by SIGINT (Ctrl-C), by SIGTERM; `stream` has taken its broadcast off air before |',
    '',
    'Which error gives which status: [errors](errors.md). `mirolive daemon` itself ends with 0 after SIGINT or SIGTERM.',
    '',
    ...sections,
  ].join('\n');
}

const ignored = { write: () => {} };

/** The help as a pipe gets it, 100 columns wide, without the flags that all commands share. */
function help(command: Command): string {
  let text = '';
  command.configureOutput({
    writeOut: (part) => {
      text += part;
    },
    getOutHelpWidth: () => 100,
    getOutHasColors: () => false,
  });
  command.configureHelp({ showGlobalOptions: false });
  command.outputHelp();
  return text.trim();
}

function callTable(): string {
  const rows = (Object.entries(calls) as [string, Call][]).map(([name, call]) => {
    const params = Object.keys(call.params.shape).map((key) => `\`${key}\``);
    const problems = call.errors.map((code) => `\`${code}\``);
    const rooms = callRooms[name as CallName] ?? 'no';
    return `| \`${call.method} ${call.path}\` | ${name} | ${call.summary} | ${call.needs} | ${rooms} | ${params.join(', ')} | ${problems.join(', ')} |`;
  });
  return [
    '# Calls of the control API',
    '',
    'How to reach it: [control-api.md](control-api.md). The schemas: [openapi.json](openapi.json).',
    '',
    'What a call needs: `look`: to see how things are; `operate`: to change what goes out; `administer`: to change who may do so,',
    'and how the daemon runs. Whoever may use the control socket may do all of it, the bearer of a token what its role says; a schedule may look and operate, as far as whoever',
    'made it may. Else the call is refused with `NOT_ALLOWED`.',
    '',
    'Bound to rooms: how a [token](access.md) that is bound to rooms may make it. `none`: it is about no room; `room`: for its own rooms; `rooms`: the answer has its own',
    'rooms only; `thing`: what it names has to be in one of them; no: not at all.',
    '',
    '| call | name | what it does | needs | bound to rooms | parameters | errors besides INVALID_REQUEST and NOT_ALLOWED |',
    '| --- | --- | --- | --- | --- | --- | --- |',
    ...rows,
    '',
  ].join('\n');
}

if (import.meta.main) {
  const folder = new URL('../docs/', import.meta.url);
  await mkdir(folder, { recursive: true });
  for (const [name, text] of Object.entries(await generatedDocs()))
    await writeFile(new URL(name, folder), text);
}
