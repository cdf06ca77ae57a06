import { MiroliveError } from '../../contract/errors.ts';
import type { AudioPlan, AudioProbe, Probe } from '../../contract/plan.ts';
import { type Reason, reasonsOf } from './reason.ts';
import { usualTrack } from './usual-track.ts';

/** Opus is transparent to most listeners at these rates (RFC 7587, section 3.1.1, recommends up to 128 kbit/s for stereo). */
const monoBps = 64_000;
const stereoBps = 128_000;

/**
 * Opus of one or two channels is copied, all else becomes Opus.
 *
 * @param audioTrack number of the track; null: the usual one
 * @returns null if the source has no sound
 * @throws MiroliveError SOURCE_TRACK_NOT_FOUND
 */
export function planAudio(probe: Probe, audioTrack: number | null): AudioPlan | null {
  const audio = chooseTrack(probe, audioTrack);
  if (!audio) return null;
  const reasons = reasonsAgainstCopy(audio);
  const transcode = reasons.length > 0;
  return {
    action: transcode ? 'transcode' : 'copy',
    index: audio.index,
    track: audio.track,
    from: audio.codec,
    codec: 'opus',
    ...reasonsOf(reasons),
    bitrateBps: transcode ? (audio.channels === 1 ? monoBps : stereoBps) : null,
  };
}

function chooseTrack({ path, audioTracks }: Probe, number: number | null): AudioProbe | undefined {
  if (number === null) return usualTrack(audioTracks);
  const chosen = audioTracks.find(({ track }) => track === number);
  if (chosen) return chosen;
  const there = audioTracks.map(({ track }) => track).join(', ') || 'none';
  throw new MiroliveError(
    'SOURCE_TRACK_NOT_FOUND',
    `expected one of the audio tracks of ${path} (${there}), got ${number}`,
    { details: { path } },
  );
}

function reasonsAgainstCopy({ codec, channels }: AudioProbe): Reason[] {
  if (codec !== 'opus') return [{ code: 'AUDIO_CODEC', words: `${codec} → opus` }];
  // RFC 7587 carries one or two channels.
  return channels > 2 ? [{ code: 'CHANNELS', words: `${channels} channels` }] : [];
}
