import * as fc from 'fast-check';
import { idles } from '../../src/daemon/rooms/room-state.ts';
import { type Asked, graceMs, type Manner, mannerOf, ScriptedRoom } from './scripted-room.ts';

/** One thing that happens in a room, so long after the one before, in ms: 0 at the same moment. */
type Happening = { readonly afterMs: number } & (
  | { readonly what: 'start' | 'take'; readonly manner: Manner }
  | { readonly what: 'slate' | 'mute'; readonly on: boolean }
  | { readonly what: 'volume'; readonly percent: number }
  | { readonly what: 'step' | 'pause' | 'resume' | 'release' | 'stop' | 'end' }
  | { readonly what: 'publish' | 'unpublish'; readonly key: string }
  | { readonly what: 'kill'; readonly home: 'worker' | 'process' }
  /** What is on air is at its end; whoever waits for an answer hangs up. */
  | { readonly what: 'finish' | 'hangUp' }
  /** What may happen meanwhile: things hang while they are opened, publishers cannot be put on air … */
  /** A viewer comes who cannot decode what is on air, or one of them goes. */
  | { readonly what: 'blind'; readonly is: boolean }
  | { readonly what: 'hangs' | 'deaf' | 'publishable' | 'keepable' | 'alwaysOn'; readonly is: boolean }
  /** Whether another one can be started. */
  | { readonly what: 'startable'; readonly home: 'worker' | 'process'; readonly is: boolean }
);

const afterMs = fc.oneof(
  { weight: 4, arbitrary: fc.constant(0) },
  { weight: 4, arbitrary: fc.integer({ min: 1, max: 100 }) },
  { weight: 2, arbitrary: fc.integer({ min: 100, max: 6000 }) },
);
const manner = fc.constantFrom<Manner>('good', 'slow', 'bad', 'noise');
const home = fc.constantFrom('worker' as const, 'process' as const);
const on = fc.boolean();
const is = fc.boolean();
const key = fc.constantFrom('cam1', 'cam2');
const of = <T extends Record<string, fc.Arbitrary<unknown>>>(what: string, rest: T) =>
  fc.record({ afterMs, what: fc.constant(what), ...rest });
const happening = fc.oneof(
  { weight: 4, arbitrary: of('start', { manner }) },
  { weight: 4, arbitrary: of('take', { manner }) },
  { weight: 4, arbitrary: of('kill', { home }) },
  { weight: 2, arbitrary: of('startable', { home, is }) },
  { weight: 3, arbitrary: of('slate', { on }) },
  { weight: 2, arbitrary: of('mute', { on }) },
  { weight: 1, arbitrary: of('volume', { percent: fc.integer({ min: 0, max: 200 }) }) },
  ...['step', 'pause', 'resume', 'release', 'end', 'finish', 'hangUp'].map((what) => ({
    weight: 1,
    arbitrary: of(what, {}),
  })),
  ...['publish', 'unpublish'].map((what) => ({ weight: 1, arbitrary: of(what, { key }) })),
  { weight: 2, arbitrary: of('blind', { is }) },
  ...['hangs', 'deaf', 'publishable', 'keepable', 'alwaysOn'].map((what) => ({
    weight: 1,
    arbitrary: of(what, { is }),
  })),
  { weight: 2, arbitrary: of('stop', {}) },
) as fc.Arbitrary<Happening>;

/** What a history must not end in, whatever happens in it. */
export const property = fc.asyncProperty(
  fc.record({ alwaysOn: fc.boolean(), closesAtOnce: fc.boolean() }),
  fc.array(happening, { minLength: 1, maxLength: 100, size: 'max' }),
  holds,
);

interface Case {
  readonly alwaysOn: boolean;
  /** The daemon ends in the midst of it. */
  readonly closesAtOnce: boolean;
}

/** Longer than what hangs is waited for, and what was tried then until it is tried again, in ms. */
const afterAllMs = 180_000;
const nobodyAsks = [
  'kill',
  'startable',
  'unpublish',
  'finish',
  'hangUp',
  'hangs',
  'deaf',
  'publishable',
  'keepable',
  'blind',
];

async function holds({ alwaysOn, closesAtOnce }: Case, history: readonly Happening[]): Promise<void> {
  const room = new ScriptedRoom(alwaysOn);
  room.closeMs = 150;
  const broken: unknown[] = [];
  let commands = 0;
  for (const one of history) {
    if (one.afterMs > 0) await room.clock.pass(one.afterMs);
    if (!nobodyAsks.includes(one.what)) commands++;
    act(room, one)?.catch((error: unknown) => broken.push(error));
    check(room.programmes.size <= 1 + room.ended.length, 'more programmes than broadcasts');
  }
  if (closesAtOnce) return await checkClosed(room);
  Object.assign(room, {
    worker: true,
    process: true,
    hangs: false,
    deaf: false,
    publishable: true,
    keepable: true,
  });
  await room.clock.pass(afterAllMs);
  check(room.complaints.length === 0, String(room.complaints[0]));
  check(broken.length === 0, `an answer that is no error of the table: ${broken[0]}`);
  check(room.unanswered === 0, `${room.unanswered} commands are not answered`);
  check(room.programmes.size <= 1, `${room.programmes.size} programmes are open`);
  check(room.begun.length - room.ended.length <= 1, 'more than one broadcast in the room');
  check(room.missing === null, `the room says that it lacks something: ${room.missing}`);
  check(room.actor.state.publishing === null, 'who publishes is neither on air nor given up');
  const last = history.findLast(({ what }) => what === 'alwaysOn');
  checkWanted(room, last && 'is' in last ? last.is : alwaysOn);
  checkWishes(room);
  checkNeeds(room);
  checkBackOff(room, history.length, commands);
  await checkRelease(room, last && 'is' in last ? last.is : alwaysOn);
  await checkClosed(room);
}

/** Nothing is left of a room that is closed, and everybody has an answer. */
async function checkClosed(room: ScriptedRoom): Promise<void> {
  const closed = room.actor.close();
  room.needs.close();
  // What hung comes late.
  await room.clock.pass(afterAllMs);
  await closed;
  check(room.unanswered === 0, `${room.unanswered} commands are not answered after the end`);
  check(room.complaints.length === 0, String(room.complaints[0]));
  check(room.residents.size === 0, `${room.residents.size} parts are left open`);
  check(room.clock.timers === 0, `${room.clock.timers} timers are left`);
}

function act(room: ScriptedRoom, one: Happening): Promise<unknown> | null {
  switch (one.what) {
    case 'start':
      return room.start(one.manner);
    case 'take':
      return room.take(one.manner);
    case 'slate':
      return room.control({ type: 'slate', on: one.on });
    case 'mute':
      return room.control({ type: 'mute', on: one.on });
    case 'volume':
      return room.control({ type: 'volume', percent: one.percent });
    case 'step':
      return room.control({ type: 'seekBy', offsetMs: 1000 });
    case 'pause':
    case 'resume':
    case 'release':
      return room.control({ type: one.what });
    case 'stop':
      return room.stop();
    case 'end':
      return room.end();
    case 'publish':
      return room.publish(one.key);
    case 'unpublish':
      room.unpublish(one.key);
      return null;
    case 'finish':
      for (const programme of room.programmes) programme.finish();
      return null;
    case 'hangUp':
      room.hangUp();
      return null;
    case 'alwaysOn':
      room.alwaysOn = one.is;
      room.actor.respec({ alwaysOn: one.is, graceMs });
      return null;
    case 'blind':
      room.seat(one.is);
      return null;
    case 'hangs':
    case 'deaf':
    case 'publishable':
    case 'keepable':
      room[one.what] = one.is;
      return null;
    case 'kill':
      room.kill(one.home);
      return null;
    case 'startable':
      room[one.home] = one.is;
      return null;
  }
}

/** What is wanted is what the programme follows and what is on air, however often parts died. */
function checkWanted(room: ScriptedRoom, alwaysOn: boolean): void {
  const { broadcast } = room.actor.state;
  if (!broadcast) {
    check(!alwaysOn, 'a room that is always on is not');
    check(room.programmes.size === 0, 'a programme without a broadcast');
    return;
  }
  const [programme] = room.programmes;
  check(alwaysOn || !idles(broadcast), 'a room that is not to be always on is kept on air');
  check(programme?.wanted === broadcast.wishes.wanted, 'the programme does not follow what is wanted');
  check(programme?.peer !== null && broadcast.live, 'it is wanted, and not on air');
  const from = room.transports.get(programme?.peer ?? Number.NaN);
  check(from === programme?.port, 'its packets go to a transport of another programme');
  const { slate } = broadcast.wishes.wanted;
  check(!slate || broadcast.seen?.onAir === null, 'something is seen through the slate');
}

/** What a person has wished last holds, whatever died since. */
function checkWishes({ actor, asked, since }: ScriptedRoom): void {
  const { broadcast } = actor.state;
  if (!broadcast) return;
  const { wanted, machine } = { ...broadcast.wishes };
  const held = asked.slice(since.get(broadcast.id)).filter((one) => one.committed);
  const wishes = asked.filter((one) => one.committed && one.broadcast === broadcast.id);
  const last = (...types: string[]) => held.findLast(({ command }) => types.includes(command.type));
  const volume = last('volume')?.command;
  check(wanted.volumePercent === (volume?.type === 'volume' ? volume.percent : 100), 'another volume');
  const mute = last('mute')?.command;
  check(wanted.muted === (mute?.type === 'mute' && mute.on), 'it is not muted as was wished');
  const slate = last('slate', 'take', 'release')?.command;
  check(wanted.slate === (slate?.type === 'slate' && slate.on), 'the slate is not as was wished');
  const isTake = ({ command: { type } }: Asked) => type === 'take' || type === 'release';
  const { candidate: taken = null, command } = wishes.findLast(isTake) ?? {};
  const takes = wanted.chain.filter(({ name, id }) => name === 'take' && id !== machine);
  const isOver = command?.type === 'take' && mannerOf(command.source) === 'noise';
  const isTaken = takes.some(({ id }) => id === taken);
  check(taken === null || isTaken !== isOver, 'what was taken is not wanted, or what cannot be played is');
  check(taken !== null || takes.length === 0, 'what nobody took is wanted');
}

/** The picture is made for who cannot decode it, and for nobody else. */
function checkNeeds({ actor, blind }: ScriptedRoom): void {
  const { compatible = [] } = actor.state.broadcast?.wishes.wanted ?? {};
  const isWanted = actor.state.broadcast !== null && blind > 0;
  check(compatible.join() === (isWanted ? 'vp8' : ''), `made in ${compatible} for ${blind} viewers`);
}

/** Nothing is opened more often than back-off allows, but for what persons wish. */
function checkBackOff(room: ScriptedRoom, happenings: number, commands: number): void {
  for (const what of ['programme', 'media', 'plan', 'publisher'] as const) {
    const times = room.opened.filter((one) => one.what === what).map(({ atMs }) => atMs);
    // Each death is followed by one try at once; each command too; the rest is two a minute and nine at first.
    const spanMs = (times.at(-1) ?? 0) - (times[0] ?? 0);
    const allowed = 12 + 3 * happenings + 3 * commands + spanMs / 500;
    check(times.length <= allowed, `${times.length} ${what}s opened in ${spanMs} ms`);
  }
}

/** The panic button: `take programme`, and all is as it was meant, within 10 s. */
async function checkRelease(room: ScriptedRoom, alwaysOn: boolean): Promise<void> {
  const { broadcast } = room.actor.state;
  if (!broadcast) return;
  const answer = room.control({ type: 'release' });
  await room.clock.pass(10_000);
  const { chain } = broadcast.wishes.wanted;
  const publishes = chain.some(({ id }) => id === broadcast.wishes.machine);
  // Who publishes is no person's to give back, for as long as he does.
  if (broadcast.begunBy === 'alwaysOn' && !alwaysOn && publishes) return;
  if (broadcast.begunBy === 'alwaysOn' && !alwaysOn)
    return check((await answer) === 'ROOM_IDLE' && room.actor.resting, 'it is kept on air');
  check((await answer) === 'done', 'take programme is not done');
  const { wanted, machine } = room.actor.state.broadcast?.wishes ?? {};
  const stays = wanted?.chain.filter(({ name, id, paused }) => (name === 'take' && id !== machine) || paused);
  check(wanted?.slate === false && stays?.length === 0, 'something stays in the programme’s way');
  const [programme] = room.programmes;
  check(programme?.wanted === wanted && programme?.peer !== null, 'the programme is not on air');
}

function check(holds: boolean, complaint: string): void {
  if (!holds) throw new Error(complaint);
}
