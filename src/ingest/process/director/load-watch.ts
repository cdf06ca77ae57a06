import type { Clock } from '../../../contract/clock.ts';
import type { VideoPlan } from '../../../contract/plan.ts';
import type { RenditionName } from '../../../contract/rendition-names.ts';
import { namesOf, stepDown } from '../../plan/step-down.ts';
import type { PlayerMaker } from '../players/player-maker.ts';
import type { PlaylistPlayer } from '../playlist/playlist-player.ts';
import { OverloadWatch } from './overload.ts';

/** What helps against an encoder that is too slow. */
const overloadHint =
  'Start it again with fewer --renditions or a smaller picture, or take load off this machine';

/** The same where something was done about it. */
const steppedDownHint = 'To have more again, take load off this machine and start the broadcast anew';

/** ffmpeg is slower than real time. */
export interface Overload {
  /** Of real time. */
  readonly speed: number;
  /** The renditions that are left, where some were given up; null: nothing was done. */
  readonly renditions: readonly RenditionName[] | null;
  readonly hint: string;
}

/** Sees to it that this machine encodes no more than it can. */
export class LoadWatch {
  readonly #maker: Pick<PlayerMaker, 'rules'>;
  readonly #stepsDown: boolean;
  readonly #clock: Clock;
  #watch = new OverloadWatch();

  /** @param stepsDown renditions may be given up */
  constructor(maker: Pick<PlayerMaker, 'rules'>, stepsDown: boolean, clock: Clock) {
    this.#clock = clock;
    this.#maker = maker;
    this.#stepsDown = stepsDown;
  }

  /**
   * To be called once a second; null: all is well.
   *
   * @param playing names what is on air
   * @param positionUs its place in its source
   */
  look(player: PlaylistPlayer | undefined, playing: string, positionUs: number): Overload | null {
    const video = player?.queue.plan?.video;
    const bufferedMs = (player?.queue.bufferedUs ?? 0) / 1000;
    const speed = this.#watch.look({
      ...{ atMs: this.#clock.nowMs(), playing, bufferedMs },
      reachedMs: positionUs / 1000 + bufferedMs,
      transcodes: video?.action === 'transcode' || (video?.lower.length ?? 0) > 0,
    });
    if (speed === null) return null;
    const renditions = player && video ? this.#stepDown(player, video, speed) : null;
    return { speed, renditions, hint: renditions ? steppedDownHint : overloadHint };
  }

  /** Never up again by itself: that it was too much was seen, that it would not be any more cannot be. */
  #stepDown(player: PlaylistPlayer, video: VideoPlan, speed: number): readonly RenditionName[] | null {
    const renditions = this.#stepsDown && player.renewable ? stepDown(video, speed) : null;
    if (!renditions) return null;
    const ladder = `${namesOf(video).join(', ')} was too much: ffmpeg was at ${Math.round(speed * 100)} % of real time`;
    this.#maker.rules = { ...this.#maker.rules, renditions, ladder };
    this.#watch = new OverloadWatch();
    player.again();
    return renditions;
  }
}
