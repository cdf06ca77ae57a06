import type { Timer } from '../../contract/clock.ts';
import { asMiroliveError, type MiroliveError } from '../../contract/errors.ts';
import type { ProgrammeEvent } from '../../contract/programme-event.ts';
import type { Seen } from '../../contract/snapshot.ts';
import type { Looked } from '../../ingest/process/director/director-options.ts';
import type { PreparedSource } from '../../ingest/sources/sources.ts';
import type { CompatibleNeed } from './compatible-needs.ts';
import type { End } from './errors.ts';
import { Mailbox } from './mailbox.ts';
import { OpenParts } from './open-parts.ts';
import { isOpening, lost, newPart, opened, opening, openingLimitMs } from './part.ts';
import { putsOver } from './put-over.ts';
import { firstWordLimitMs, reconcile, type Step } from './reconcile.ts';
import type { PlannedBroadcast, RoomCoreOptions, Served } from './room-parts.ts';
import {
  type BroadcastState,
  givesWay,
  leavesToPublishers,
  newBroadcast,
  newRoom,
  type RoomSpec,
  type RoomState,
  type Start,
  servedMedia,
  snapshotOf,
} from './room-state.ts';
import * as transitions from './transitions.ts';
import { Troubles } from './troubles.ts';
import { heldOver } from './wishes.ts';

const unheard = asMiroliveError(`nothing is seen of it after ${firstWordLimitMs / 1000} s`);
const notOpened = asMiroliveError(`it takes more than ${openingLimitMs / 1000} s to open`);

/** A room's state, and what follows from it: what is to be opened and closed, and what comes back from there. */
export class RoomCore {
  readonly mailbox: Mailbox;
  readonly open = new OpenParts();
  readonly #options: RoomCoreOptions;
  #spec: RoomSpec;
  #state: RoomState = newRoom;
  #served: (Served & { readonly ticket: number }) | null = null;
  /** What is known of candidates, by their ids, and nobody has used yet: later it would be old. */
  #looked: Looked = {};
  #tickets = 0;
  /** What was lost last of a broadcast. */
  #missing: MiroliveError | null = null;
  readonly #troubles: Troubles;
  #timer: Timer | null = null;
  /** Of what was opened last. */
  #waiting = new AbortController();
  /** Whatever one does changes the state at once: no step is done twice. */
  readonly #acts: { readonly [S in Step as S['do']]: (step: S) => void } = {
    keep: () => this.#keep(),
    end: () => this.end({ reason: 'ended', message: null }),
    fail: () => this.#fail(),
    publish: () => this.#publish(),
    openProgramme: () => this.#openProgramme(),
    openMedia: () => this.#openMedia(),
    join: () => this.#join(),
    tell: () => this.#tell(),
    giveUp: ({ ticket }) => this.#giveUp(ticket),
    lose: ({ ticket }) => this.#lost('programme', ticket, unheard),
    close: ({ ticket }) => this.#close(ticket),
    wait: ({ untilMs }) => this.#wait(untilMs),
  };

  constructor(options: RoomCoreOptions) {
    this.#options = options;
    this.#spec = options.spec;
    this.#troubles = new Troubles(options.listener, options.clock);
    this.mailbox = new Mailbox(options.clock, () => this.#settle());
  }

  get spec(): RoomSpec {
    return this.#spec;
  }

  /** Something else is to be in the room from now on. */
  respec(spec: RoomSpec): void {
    this.#spec = spec;
    // What was being found out is not asked for any more.
    if (!spec.alwaysOn && this.#state.keeping.is === 'opening') this.change({ keeping: newPart });
  }

  get state(): RoomState {
    return this.#state;
  }

  /** What viewers can consume; null: nothing, or not now. */
  get served(): Served | null {
    const { broadcast } = this.#state;
    const served = this.#served;
    return served && broadcast?.id === served.broadcast.id ? { ...served, broadcast } : served;
  }

  change(changes: Partial<RoomState>): void {
    this.#state = { ...this.#state, ...changes };
  }

  /** Changes the broadcast, where there is one. */
  update(change: (broadcast: BroadcastState) => BroadcastState): void {
    const { broadcast } = this.#state;
    if (!broadcast) return;
    const changed = change(broadcast);
    this.change({ broadcast: changed });
    for (const over of putsOver(broadcast, changed)) this.#options.listener.putOver(over);
  }

  /** Somebody has looked at a candidate. */
  look(candidate: string, prepared: PreparedSource): void {
    this.#looked = { ...this.#looked, [candidate]: prepared };
  }

  /** How many commands have come for what is, or was last, on air. */
  get asked(): number {
    const { broadcast, over } = this.#state;
    return (broadcast ?? over?.broadcast)?.wishes.asked ?? 0;
  }

  /** @param start who asked for it; null: the room is to be always on */
  begin({ broadcast, wishes, looked }: PlannedBroadcast, start: Start | null): BroadcastState {
    const by = start?.by ?? 'alwaysOn';
    this.#options.admit();
    this.end({ reason: 'replaced', message: null });
    this.#looked = looked;
    // What a person puts there is instead of who waits to be.
    const isInstead = by === 'person' || by === 'publisher';
    if (isInstead && this.#state.publishing?.part.is === 'gone') this.change({ publishing: null });
    const { over } = this.#state;
    // What a machine puts there undoes nothing that a person wanted, nor does what comes in the place of just this one; who starts or stops something else wants it to be as usual.
    const goesOn = over !== null && over.broadcast.id === start?.replaces;
    const byPerson = start?.by === 'person' ? start.asked : this.#spec.alwaysOn ? 0 : Infinity;
    const first = goesOn ? 0 : byPerson;
    const isTaken = over?.end.reason === 'stopped' || over?.end.taken;
    const since = isTaken ? Infinity : first;
    const wanted = over ? heldOver(over.broadcast.wishes, wishes, since) : wishes;
    const begun = newBroadcast(broadcast, by, wanted, this.#moment().nowMs, start ?? {});
    this.#state = transitions.begun(this.#state, begun);
    return begun;
  }

  /** What an earlier daemon had on air goes on, unless a person has wanted something else there by now. */
  restore(broadcast: BroadcastState): void {
    const { closed, broadcast: now } = this.#state;
    if (closed || (now && !givesWay(now))) return;
    this.end({ reason: 'replaced', message: null });
    this.#looked = {};
    this.#state = { ...transitions.begun(this.#state, broadcast), keeping: newPart };
  }

  end(end: End): void {
    const { broadcast } = this.#state;
    if (!broadcast) return;
    this.#state = transitions.over(this.#state, broadcast, end, this.#moment());
    this.#options.listener.ended(broadcast, end);
  }

  /** Viewers need what is on air in other codecs than before. */
  need(needs: readonly CompatibleNeed[]): void {
    this.#state = transitions.needed(this.#state, needs);
  }

  /** What waits to be tried again is tried now. */
  hurry(): void {
    this.#state = transitions.allHurried(this.#state);
  }

  #settle(): void {
    const { clock, listener } = this.#options;
    this.#timer?.cancel();
    for (;;) {
      const state = { ...this.#state, handles: this.open.tickets };
      this.#serve();
      const steps = reconcile(this.#spec, state, clock.nowMs());
      for (const step of steps) (this.#acts[step.do] as (step: Step) => void)(step);
      if (steps.every((step) => step.do === 'wait')) break;
    }
    this.#troubles.tell(this.#spec, this.#state);
    listener.settled();
  }

  #wait(untilMs: number): void {
    const { clock } = this.#options;
    this.#timer?.cancel();
    this.#timer = clock.after(untilMs - clock.nowMs(), () => this.mailbox.post(() => {}));
  }

  #keep(): void {
    const ticket = ++this.#tickets;
    this.change({ keeping: opening(this.#state.keeping, ticket, this.#moment().nowMs) });
    const isAsked = () => isOpening(this.#state.keeping, ticket);
    const failed = (error: MiroliveError) => this.#keepFailed(ticket, error);
    this.#outside(
      this.#options.parts.keep(),
      (planned) => {
        if (!isAsked() || this.#state.closed) return;
        try {
          this.begin(planned, null);
          this.change({ keeping: opened(this.#state.keeping, ticket, this.#moment().nowMs) });
        } catch (error) {
          failed(asMiroliveError(error));
        }
      },
      failed,
    );
  }

  #keepFailed(ticket: number, { message }: MiroliveError): void {
    const before = this.#state.keeping;
    const { nowMs, chance } = this.#moment();
    const keeping = lost(before, ticket, nowMs, chance);
    if (keeping === before) return;
    this.change({ keeping });
    this.#troubles.failed('plan', keeping, message);
  }

  #publish(): void {
    const { publishing } = this.#state;
    if (!publishing) return;
    const ticket = ++this.#tickets;
    const { source } = publishing;
    const part = opening(publishing.part, ticket, this.#moment().nowMs);
    this.change({ publishing: { source, part } });
    const isAsked = () => isOpening(this.#state.publishing?.part, ticket);
    this.#outside(
      this.#options.parts.publish(source),
      () => {
        if (isAsked()) this.change({ publishing: null });
      },
      ({ code, message }) => {
        if (!isAsked()) return;
        const { nowMs, chance } = this.#moment();
        const waiting = lost(part, ticket, nowMs, chance);
        // Somebody has put something else there, or wants nothing there.
        const isOutdated = ['ROOM_BUSY', 'SUPERSEDED', 'SHUTTING_DOWN'].includes(code);
        this.change({ publishing: isOutdated ? null : { source, part: waiting } });
        if (!isOutdated) this.#troubles.failed('publisher', waiting, message);
      },
    );
  }

  /** What comes of it after all is closed. */
  #giveUp(ticket: number): void {
    this.#keepFailed(ticket, notOpened);
    if (isOpening(this.#state.broadcast?.programme, ticket)) this.#waiting.abort(notOpened);
    this.#lost('programme', ticket, notOpened);
    this.#lost('media', ticket, notOpened);
  }

  #openProgramme(): void {
    const { broadcast } = this.#state;
    if (!broadcast) return;
    const ticket = ++this.#tickets;
    this.update((one) => transitions.programmeOpening(one, ticket, this.#moment()));
    const snapshot = snapshotOf(broadcast);
    const { revision } = snapshot.wanted;
    const gone = (error: MiroliveError) => this.#lost('programme', ticket, error);
    const listener = {
      event: (event: ProgrammeEvent) => this.mailbox.post(() => this.#heard(ticket, event)),
      seen: (seen: Seen) =>
        this.mailbox.post(() => this.update((one) => transitions.saw(one, seen, this.#spec.graceMs))),
      gone: (reason: string) => this.mailbox.post(() => gone(asMiroliveError(reason))),
    };
    const looked = this.#takeLooked();
    this.#waiting = new AbortController();
    const { signal } = this.#waiting;
    this.#outside(
      this.#options.parts.openProgramme({
        broadcast,
        snapshot,
        generation: ticket,
        looked,
        listener,
        signal,
      }),
      (programme) => {
        this.open.add(ticket, { of: 'programme', programme });
        this.update((one) => transitions.programmeOpened(one, ticket, revision, this.#moment()));
      },
      gone,
    );
  }

  #takeLooked(): Looked {
    const looked = this.#looked;
    this.#looked = {};
    return looked;
  }

  #openMedia(): void {
    const { broadcast } = this.#state;
    const programme = broadcast?.programme.is === 'open' && this.open.programme(broadcast.programme.ticket);
    if (!broadcast || !programme) return;
    const ticket = ++this.#tickets;
    this.update((one) => transitions.mediaOpening(one, ticket, this.#moment()));
    const gone = (error: MiroliveError) => this.#lost('media', ticket, error);
    const onLost = (reason: string) => this.mailbox.post(() => gone(asMiroliveError(reason)));
    this.#outside(
      this.#options.parts.openMedia(broadcast, programme.port, onLost),
      (media) => {
        this.open.add(ticket, { of: 'media', media });
        this.update((one) => transitions.mediaOpened(one, ticket, this.#moment()));
      },
      gone,
    );
  }

  #join(): void {
    const { broadcast } = this.#state;
    if (broadcast?.programme.is !== 'open' || broadcast.media.is !== 'open') return;
    const { ticket } = broadcast.media;
    this.update((one) => ({ ...one, joined: ticket }));
    const media = this.open.media(ticket);
    const connecting = media && this.open.programme(broadcast.programme.ticket)?.connect(media.port);
    const { seen } = broadcast;
    // It has played on without its worker.
    const playsOn = seen?.generation === broadcast.programme.ticket && seen.shown.entry !== 'nothing';
    if (playsOn) void connecting?.then((is) => this.mailbox.post(() => is && this.#back(ticket)));
  }

  /** @param joined the ticket of the media that its frames leave by again */
  #back(joined: number): void {
    const { broadcast } = this.#state;
    if (broadcast?.joined === joined) this.#options.listener.back(broadcast);
  }

  #tell(): void {
    const { broadcast } = this.#state;
    if (broadcast?.programme.is !== 'open') return;
    const { wanted } = broadcast.wishes;
    this.update((one) => transitions.told(one, wanted.revision, this.#moment()));
    this.open.programme(broadcast.programme.ticket)?.want(wanted, this.#takeLooked());
  }

  #close(ticket: number): void {
    this.open.close(ticket);
    this.#state = transitions.withoutPart(this.#state, ticket);
  }

  #fail(): void {
    const missing = this.#missing;
    this.end({ reason: 'failed', message: missing?.message ?? null, ...(missing && { missing }) });
  }

  /** Viewers are to have what is to be served now. */
  #serve(): void {
    const ticket = servedMedia(this.#spec, this.#state);
    const before = this.#served;
    if (ticket === (before?.ticket ?? null)) return;
    const { broadcast, over } = this.#state;
    const media = ticket !== null && this.open.media(ticket);
    this.#served =
      media && broadcast
        ? { ticket, broadcast, producers: media.producers, compatible: media.compatible }
        : null;
    if (this.#served) {
      this.#options.listener.served();
      return;
    }
    const end = before?.broadcast.id === broadcast?.id ? '' : (over?.end.reason ?? '');
    // A daemon that ends is most often started again: viewers keep their last picture.
    const isOver = ['stopped', 'ended', 'failed'].includes(end);
    const isReplaced = end === 'replaced' || (isOver && this.#spec.alwaysOn && !this.#state.closed);
    this.#options.listener.unserved(isReplaced ? 'replaced' : isOver ? 'ended' : 'interrupted');
  }

  #heard(ticket: number, event: ProgrammeEvent): void {
    const { listener } = this.#options;
    const before = this.#state.broadcast;
    if (!before || before.programme.is === 'gone' || before.programme.ticket !== ticket) return;
    const broadcast = transitions.heard(before, event);
    this.change({ broadcast });
    listener.heard(broadcast, event);
    if (event.type === 'live') {
      if (!leavesToPublishers(broadcast)) this.change({ publishing: null });
      listener[before.live ? 'back' : 'live'](broadcast);
    }
    if (event.type === 'ended')
      this.end({ reason: event.message === null ? 'ended' : 'failed', message: event.message });
  }

  /** A part of the broadcast is gone; harmless where another ticket has it by now. */
  #lost(what: 'programme' | 'media', ticket: number, missing: MiroliveError): void {
    const before = this.#state.broadcast?.[what];
    const losing = what === 'programme' ? transitions.programmeLost : transitions.mediaLost;
    this.update((one) => losing(one, ticket, this.#moment()));
    this.#state = transitions.withoutPart(this.#state, ticket);
    const { broadcast } = this.#state;
    const part = broadcast?.[what];
    if (!broadcast || !part || part === before) return;
    this.#missing = missing;
    this.#troubles.failed(what, part, missing.message);
  }

  #moment(): transitions.Moment {
    return { nowMs: this.#options.clock.nowMs(), chance: this.#options.random() };
  }

  /** Slow work; what comes of it takes its turn. */
  #outside<T>(work: Promise<T>, done: (result: T) => void, failed: (error: MiroliveError) => void): void {
    work.then(
      (result) => this.mailbox.post(() => done(result)),
      (error: unknown) => this.mailbox.post(() => failed(asMiroliveError(error))),
    );
  }
}
