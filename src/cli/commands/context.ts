import { resolve } from 'node:path';
import { asMiroliveError, MiroliveError } from '../../contract/errors.ts';
import { createClient } from '../client.ts';
import type { Contexts, NamedHost } from '../places/contexts.ts';
import { hostPlace } from '../places/find-place.ts';
import { fingerprintWords } from '../places/fingerprint.ts';
import { parseHost, placeName } from '../places/place.ts';
import { ask, firstLine } from '../program/ask.ts';
import type { Context } from '../program/context.ts';
import { contextsPath } from '../program/environment.ts';
import type { Verb } from '../program/verb.ts';
import { replacedLine } from '../words/context-words.ts';
import { table } from '../words/format.ts';

/** `mirolive context add|use|list|remove|current` */
export function add(program: Verb): void {
  const context = program.verb('context', 'Daemons of other machines, by names of your own.', [
    'mirolive context add studio --host live.example.org',
    'mirolive context use studio',
    'mirolive status --context studio',
  ]);
  context
    .verb(
      'add',
      'Name a daemon that answers on --host. Its token is asked for, or read from standard input; the print of its certificate is shown first, where no authority vouches for it. One that is there is changed: what is not given stays.',
      [
        'mirolive context add studio --host live.example.org',
        'mirolive context add studio --host live.example.org --token-file studio.token',
        'mirolive context add hall --host 192.0.2.7 --fingerprint SHA256:AB:CD…',
        'mirolive context add hall --fingerprint SHA256:12:34…',
      ],
    )
    .argument('<name>', 'a-z, 0-9 and -')
    .does(addContext);
  context
    .verb('use', 'Have commands that name no daemon ask this one; local: the one of this machine.', [
      'mirolive context use studio',
      'mirolive context use local',
    ])
    .argument('<context>', 'its name, or local')
    .does(useContext);
  context
    .verb('list', 'The daemons that have names.', ['mirolive context list', 'mirolive context list --json'])
    .does(listContexts);
  context
    .verb('remove', 'Forget a daemon, and its token.', ['mirolive context remove studio'])
    .argument('<context>', 'its name')
    .does(removeContext);
  context
    .verb('current', 'The name of the daemon that is asked where none is named.', [
      'mirolive context current',
    ])
    .does(currentContext);
}

async function addContext(context: Context, name: string): Promise<undefined> {
  const { flags, output, environment } = context;
  const { contextName, localContext } = await import('../places/contexts.ts');
  if (!contextName.test(name) || name === localContext)
    throw new MiroliveError(
      'USAGE',
      `expected a-z, 0-9 and -, and not ${localContext}, as a name, got ${name}`,
    );
  const { contexts: known } = await read(context);
  const before = Object.hasOwn(known, name) ? known[name] : undefined;
  const at = flags.host ?? before?.host;
  if (at === undefined) throw new MiroliveError('USAGE', 'expected --host');
  // Its print and its token are for nobody but the host that they were given for.
  const same = before && isSameHost(before.host, at) ? before : undefined;
  const { tokenFile } = flags;
  const host: NamedHost = { host: at, ...(await vouched(context, at, same?.fingerprint)) };
  const token =
    tokenFile === undefined
      ? await askedToken(context, same)
      : { tokenFile: resolve(environment.cwd, tokenFile) };
  const named = { ...host, ...token };
  // What does not answer, or does not know the token, gets no name.
  const place = hostPlace(named, {}, { ...environment, variables: {} }, output.warn);
  await createClient(place).call('version', {});
  await change(context, ({ current, contexts }) => ({ current, contexts: { ...contexts, [name]: named } }));
  output.show({ name, ...shown(named), replaced: before ? shown(before) : null }, () => [
    `${name} is ${placeName(place)}`,
    ...(before ? [replacedLine(before, named)] : []),
    `To ask it from now on: mirolive context use ${name}`,
  ]);
}

/** The print to pin, which was given, holds still, or which somebody at the terminal has compared; nothing where an authority vouches for it. */
async function vouched(context: Context, host: string, pinned?: string): Promise<{ fingerprint?: string }> {
  const { flags, output, environment } = context;
  const named = { host, ...(pinned !== undefined && { fingerprint: pinned }) };
  const place = hostPlace(named, { fingerprint: flags.fingerprint }, environment, output.warn);
  if (place.fingerprint !== null && flags.fingerprint !== undefined)
    return { fingerprint: fingerprintWords(place.fingerprint) };
  const refused = await createClient({ ...place, token: null })
    .call('version', {})
    .then(
      () => null,
      (error: unknown) => asMiroliveError(error),
    );
  // It was reached; what it says to nobody is no matter here.
  if (refused === null || refused.code === 'UNAUTHENTICATED') return pinned ? { fingerprint: pinned } : {};
  if (refused.code !== 'DAEMON_UNTRUSTED') throw refused;
  const { shownFingerprint } = await import('../places/host-line.ts');
  const fingerprint = fingerprintWords(await shownFingerprint(place));
  if (context.stdin().isTTY !== true)
    throw new MiroliveError('DAEMON_UNTRUSTED', refused.message, {
      hint: `Compare it with what mirolive status shows there; where it is the same, add: --fingerprint ${fingerprint}`,
    });
  output.note(
    `${placeName(place)} shows a certificate that nobody vouches for. Its print is\n  ${fingerprint}`,
  );
  output.note('The same stands there in: mirolive status');
  const answer = await ask(context.stdin(), output.stderr, 'Is it the same? [y/N] ');
  if (!/^y(es)?$/i.test(answer ?? '')) throw refused;
  return { fingerprint };
}

/** @param known what has the token of this host so far, which stays where none is given */
async function askedToken(
  { environment, output, stdin }: Context,
  known: NamedHost | undefined,
): Promise<Pick<NamedHost, 'token' | 'tokenFile'>> {
  const given = environment.variables.MIROLIVE_TOKEN;
  if (given) return { token: given };
  const input = stdin();
  const isTyped = input.isTTY === true;
  const question = known ? 'Its token (Enter: the one that is kept): ' : 'Its token: ';
  const token = isTyped
    ? await ask(input, output.stderr, question, { secret: true })
    : await firstLine(input);
  if (token) return { token };
  const isBrokenOff = isTyped && token === null;
  if (known?.token !== undefined && !isBrokenOff) return { token: known.token };
  if (known?.tokenFile !== undefined && !isBrokenOff) return { tokenFile: known.tokenFile };
  throw new MiroliveError('USAGE', 'expected a token: on the terminal, on standard input, or --token-file', {
    hint: 'Make one on the machine of the daemon: mirolive tokens create --role operator',
  });
}

function isSameHost(one: string, other: string): boolean {
  const [a, b] = [parseHost(one), parseHost(other)];
  return a !== null && a.host.toLowerCase() === b?.host.toLowerCase() && a.port === b.port;
}

async function useContext(context: Context, name: string): Promise<undefined> {
  const { localContext, namedHost } = await import('../places/contexts.ts');
  const current = name === localContext ? null : name;
  await change(context, (before) => {
    if (current !== null) namedHost(before, current);
    return { ...before, current };
  });
  context.output.show({ current }, () => [
    current === null ? 'Commands ask the daemon of this machine' : `Commands ask ${current}`,
  ]);
}

async function removeContext(context: Context, name: string): Promise<undefined> {
  const { namedHost } = await import('../places/contexts.ts');
  await change(context, (before) => {
    namedHost(before, name);
    const { [name]: _, ...contexts } = before.contexts;
    return { current: before.current === name ? null : before.current, contexts };
  });
  context.output.show({ name }, () => [`${name} is forgotten`]);
}

async function listContexts(context: Context): Promise<undefined> {
  const { current, contexts } = await read(context);
  const all = Object.entries(contexts).map(([name, one]) => ({
    name,
    current: name === current,
    ...shown(one),
  }));
  context.output.show(all, () => [
    ...table(
      ['NAME', 'HOST', 'TRUSTED BY', 'TOKEN'],
      all.map(({ name, host, fingerprint, token, ...one }) => [
        one.current ? `${name} *` : name,
        host,
        fingerprint ?? 'authorities',
        token,
      ]),
      context.output.paint,
    ),
  ]);
}

async function currentContext(context: Context): Promise<undefined> {
  const { localContext } = await import('../places/contexts.ts');
  const { current } = await read(context);
  context.output.show({ current }, () => [current ?? localContext]);
}

/** Without its token. */
function shown({ host, fingerprint, tokenFile }: NamedHost) {
  return { host, fingerprint: fingerprint ?? null, token: tokenFile ?? 'kept' };
}

async function read({ environment }: Context): Promise<Contexts> {
  const { readContexts } = await import('../places/contexts.ts');
  return readContexts(contextsPath(environment));
}

async function change(context: Context, act: (before: Contexts) => Contexts): Promise<void> {
  const { writeContexts } = await import('../places/contexts.ts');
  writeContexts(contextsPath(context.environment), act(await read(context)));
}
