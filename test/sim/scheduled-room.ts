import { DatabaseSync } from 'node:sqlite';
import pino from 'pino';
import type { CallParams } from '../../src/contract/api.ts';
import { MiroliveError } from '../../src/contract/errors.ts';
import type { Event } from '../../src/contract/events.ts';
import { byPrecedence, type Ranked } from '../../src/contract/schedule/precedence.ts';
import { type NewScheduleSpec, scheduleSpec } from '../../src/contract/schedule.ts';
import type { Dispatch } from '../../src/daemon/api/dispatch.ts';
import { EventHub } from '../../src/daemon/event-hub.ts';
import { noStats } from '../../src/daemon/rooms/broadcast.ts';
import { isPersons } from '../../src/daemon/rooms/runs-in-chain.ts';
import { Doing } from '../../src/daemon/schedule/doing.ts';
import { roomView } from '../../src/daemon/schedule/room-view.ts';
import { isLive, type Run } from '../../src/daemon/schedule/run.ts';
import { Schedules } from '../../src/daemon/schedule/schedules.ts';
import { migrate } from '../../src/daemon/state/migrations.ts';
import { readLiveRuns } from '../../src/daemon/state/schedule-runs.ts';
import { writeSchedule } from '../../src/daemon/state/schedules.ts';
import { ScriptedRoom } from './scripted-room.ts';

const source = { kind: 'file', path: '/good.mp4', loop: true, audioTrack: null } as const;
const what = { call: 'startBroadcast', params: { source } } as const;

/** A real actor of a room, and real schedules that put their runs into it; only sources and processes are scripted. */
export class ScheduledRoom {
  readonly room: ScriptedRoom;
  readonly database = new DatabaseSync(':memory:');
  /** Runs that were told to begin. */
  readonly begun: string[] = [];
  #schedules: Schedules | null = null;
  #hub: EventHub;
  /** What is shown, and stands above the programme, as schedules were told last. */
  #told = '';

  constructor(alwaysOn: boolean) {
    this.room = new ScriptedRoom(alwaysOn);
    this.#hub = new EventHub(this.room.clock);
    migrate(this.database);
    this.room.onEnded = (broadcast, { reason, message }) => {
      const facts = { broadcast, room: 'lobby', reason, message };
      this.#hub.announce({ type: 'broadcast.ended', ...facts, startedAt: this.#hub.now, stats: noStats });
    };
    this.room.onPutOver = (over) => this.#schedules?.putOver(over);
    this.room.onSettled = () => this.#look();
  }

  write(
    name: string,
    spec: Omit<NewScheduleSpec, 'room' | 'what'> & Partial<Pick<NewScheduleSpec, 'what'>>,
  ): void {
    const whole = scheduleSpec.parse({ room: 'lobby', what, ...spec });
    const maker = { kind: 'daemon' } as const;
    writeSchedule(this.database, { name, spec: whole, maker }, null, this.room.clock.wallMs());
  }

  /** They go on with what is in the state, as in another daemon that has what was on air in the room. */
  begin(): void {
    this.#schedules?.close();
    const { clock } = this.room;
    this.#hub = new EventHub(clock);
    this.#hub.listen((event) => this.#hear(event));
    const act = <T>(query: (database: DatabaseSync) => T) => query(this.database);
    const view = () => roomView(this.room.actor.broadcast);
    this.#schedules = new Schedules({
      ...{ clock, log: pino({ level: 'silent' }), hub: this.#hub, chance: () => 0.5, view },
      isRestored: () => true,
      rooms: () => ['lobby'],
      store: { read: act, write: act, change: (_, change) => act(change) },
      health: { lost: () => {}, found: () => {} },
      doing: new Doing({ dispatch: this.#dispatch as Dispatch, view }),
      adopt: (_, broadcast, entry) => this.room.actor.adopt(broadcast, entry),
    });
    this.#schedules.begin();
  }

  close(): void {
    this.#schedules?.close();
    this.#schedules = null;
  }

  /** Runs that are to be on air, or are, the one that is to be seen first. */
  get runs(): Run[] {
    const rank = ({ name: schedule, priority, atMs }: Run): Ranked => ({ schedule, priority, atMs });
    return readLiveRuns(this.database)
      .filter(isLive)
      .toSorted((one, other) => byPrecedence(rank(one), rank(other)));
  }

  /** A person has something over the programme. */
  get isCovered(): boolean {
    const { wishes } = this.room.actor.broadcast ?? {};
    return (
      wishes !== undefined &&
      (wishes.wanted.slate || wishes.wanted.chain.some((one) => isPersons(one, wishes)))
    );
  }

  /** As the desk does it. */
  readonly #dispatch = async (name: string, params: unknown, caller: Parameters<Dispatch>[2]) => {
    const { actor } = this.room;
    if (name === 'startBroadcast') {
      const { id, replaces } = params as CallParams<'startBroadcast'>;
      await this.room.begin(id ?? '', replaces);
    } else if (name === 'stopBroadcast') {
      await actor.end((params as CallParams<'stopBroadcast'>).id, 'ended');
    } else if (name === 'control' && caller.entry) {
      const { command } = params as CallParams<'control'>;
      if (command.type === 'release') await actor.removeRun(caller.entry.id);
      else await this.room.putRunNow('good', caller.entry);
    } else if (name === 'control') {
      const { command } = params as CallParams<'control'>;
      if (!actor.broadcast || command.type !== 'slate')
        throw new MiroliveError('ROOM_IDLE', 'nothing is there');
      await actor.control(actor.broadcast.id, command);
    } else return { live: true };
    return {};
  };

  #hear(event: Event): void {
    if (event.type === 'schedule.started') this.begun.push(`${event.schedule} ${event.run}`);
  }

  #look(): void {
    const { broadcast } = this.room.actor;
    const told = `${broadcast?.seen?.onAir} ${broadcast?.wishes.wanted.revision}`;
    if (told === this.#told || !broadcast) return;
    this.#told = told;
    const { volumePercent, muted } = broadcast.wishes.wanted;
    const facts = { broadcast: broadcast.id, room: 'lobby', volumePercent, muted };
    this.#hub.announce({ type: 'programme.changed', ...facts, paused: false });
  }
}
