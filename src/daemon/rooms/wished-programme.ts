import { randomInt } from 'node:crypto';
import { EventEmitter, once } from 'node:events';
import { systemClock } from '../../contract/clock.ts';
import type { Control } from '../../contract/control.ts';
import { MiroliveError } from '../../contract/errors.ts';
import { newId } from '../../contract/ids.ts';
import type { Source } from '../../contract/models.ts';
import type { ProgrammeState } from '../../contract/programme-state.ts';
import type { Seen, Snapshot, WantedCandidate } from '../../contract/snapshot.ts';
import type { RemoteProgramme } from '../../ingest/pool/remote-programme.ts';
import type { Looked } from '../../ingest/process/director/director-options.ts';
import type { PreparedSource } from '../../ingest/sources/sources.ts';
import { ask, commit, follow, newWishes, type Wishes } from './wishes.ts';

/** What is wanted of a programme, whatever carries it, and what was seen of it last. */
export class WishedProgramme {
  readonly #look: (source: Source) => Promise<PreparedSource | null>;
  readonly #news = new EventEmitter<{ seen: [] }>();
  #wishes: Wishes;
  #seen: Seen | null = null;
  #carrier: RemoteProgramme | null = null;
  #generation = 0;

  /** @param look finds out what is to be known of a source that is taken; rejects where it cannot be played */
  constructor(chain: readonly WantedCandidate[], look: (source: Source) => Promise<PreparedSource | null>) {
    this.#look = look;
    this.#wishes = newWishes(chain);
  }

  get snapshot(): Snapshot {
    return { wanted: this.#wishes.wanted, seen: this.#seen };
  }

  /** Of the opening that is made now. */
  nextGeneration(): number {
    return ++this.#generation;
  }

  /** It is carried by this from now on; null: by nothing. */
  carry(carrier: RemoteProgramme | null): void {
    this.#carrier = carrier;
    carrier?.want(this.#wishes.wanted);
    carrier?.on('seen', (seen) => {
      if (seen.generation !== this.#generation) return;
      this.#seen = seen;
      this.#want(follow(this.#wishes, seen));
      this.#news.emit('seen');
    });
    this.#news.emit('seen');
  }

  /** Carries a command out; a source that is taken is on air then, or known not to be. */
  async control(command: Control): Promise<void> {
    const { wishes, number } = ask(this.#wishes);
    this.#wishes = wishes;
    if (command.type !== 'take') {
      this.#want(commit(this.#wishes, command, number, this.#seen, systemClock.wallMs()));
      return;
    }
    const id = newId('c');
    const looked = await this.#look(command.source);
    const wish = { ...command, id, seed: randomInt(2 ** 31) };
    const committed = commit(this.#wishes, wish, number, this.#seen, systemClock.wallMs());
    this.#want(committed, looked ? { [id]: looked } : {});
    while (this.#carrier && !this.#isDecided(id)) await once(this.#news, 'seen');
  }

  /** How it is. */
  async state(): Promise<ProgrammeState> {
    if (!this.#carrier) throw new MiroliveError('ROOM_IDLE', 'the room is between two programmes');
    return await this.#carrier.state();
  }

  #want(wishes: Wishes, looked: Looked = {}): void {
    const before = this.#wishes.wanted;
    this.#wishes = wishes;
    if (wishes.wanted !== before) this.#carrier?.want(wishes.wanted, looked);
  }

  #isDecided(id: string): boolean {
    const { chain, slate } = this.#wishes.wanted;
    const is = this.#seen?.candidates.find((one) => one.id === id)?.is.state;
    const told = is === 'onAir' || is === 'away' || is === 'blocked';
    return told || slate || !chain.some((one) => one.id === id);
  }
}
