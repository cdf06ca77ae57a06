import { MiroliveError } from '../../contract/errors.ts';
import { type LoudnessRule, usualLufs } from '../../contract/loudness-config.ts';
import type { AudioPlan, AudioProbe, Loudness, Probe } from '../../contract/plan.ts';
import { gainWithin, mostPeakDb, soundPeakDb } from './gain.ts';
import type { PlanOptions } from './plan-options.ts';
import { type Reason, reasonsOf } from './reason.ts';
import { type Side, type Sides, sidesOf, sideWords } from './sides.ts';
import { usualTrack } from './usual-track.ts';

/** Opus is transparent to most listeners at these rates (RFC 7587, section 3.1.1, recommends up to 128 kbit/s for stereo). */
const monoBps = 64_000;
const stereoBps = 128_000;

/**
 * Opus of one or two channels is copied where no loudness is asked for by number, all else becomes Opus.
 *
 * @returns null if the source has no sound
 * @throws MiroliveError SOURCE_TRACK_NOT_FOUND
 */
export function planAudio(
  probe: Probe,
  options: Pick<PlanOptions, 'audioTrack' | 'audioMap' | 'loudness' | 'measured'>,
): AudioPlan | null {
  const { audioTrack, loudness, measured } = options;
  const sides = sidesOf(probe, options);
  const audio = sides?.left.audio ?? chooseTrack(probe, audioTrack);
  if (!audio) return null;
  const reasons = sides ? reasonsOfSides(sides) : reasonsAgainstCopy(audio, loudness);
  const transcode = reasons.length > 0;
  return {
    action: transcode ? 'transcode' : 'copy',
    index: audio.index,
    track: audio.track,
    from: audio.codec,
    codec: 'opus',
    ...reasonsOf(reasons),
    bitrateBps: transcode ? (audio.channels === 1 && !sides ? monoBps : stereoBps) : null,
    ...(sides && { sides: plannedSides(sides) }),
    ...(transcode && levelled(loudness, addsUp(audio, sides), measured)),
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

function reasonsAgainstCopy({ codec, channels }: AudioProbe, loudness: LoudnessRule): Reason[] {
  if (codec !== 'opus') return [{ code: 'AUDIO_CODEC', words: `${codec} → opus` }];
  // RFC 7587 carries one or two channels.
  if (channels > 2) return [{ code: 'CHANNELS', words: `${channels} channels` }];
  return typeof loudness === 'number' ? [{ code: 'LOUDNESS', words: `brought to ${loudness} LUFS` }] : [];
}

function reasonsOfSides({ left, right }: Sides): Reason[] {
  const codec = left.audio.codec === 'opus' ? [] : reasonsAgainstCopy(left.audio, 'off');
  return [...codec, { code: 'SIDES', words: `${sideWords(left)} → left, ${sideWords(right)} → right` }];
}

function plannedSides({ left, right }: Sides): NonNullable<AudioPlan['sides']> {
  const planned = ({ audio: { index }, channel }: Side) => ({ index, channel });
  return { left: planned(left), right: planned(right) };
}

/** Whether channels are added up, of which each may be as loud as it can be. */
function addsUp({ channels }: AudioProbe, sides: Sides | null): boolean {
  if (!sides) return channels > 2;
  return [sides.left, sides.right].some(({ audio, channel }) => channel === null && audio.channels > 1);
}

/** How sound is brought to one loudness, and whether its peaks have to be held down. */
function levelled(
  rule: LoudnessRule,
  adds: boolean,
  measured: Loudness | undefined,
): Pick<AudioPlan, 'level' | 'limited'> {
  if (rule === 'off') return adds ? { limited: true } : {};
  const targetLufs = rule === 'auto' ? usualLufs : rule;
  // Where it is damaged its figures say nothing: it is followed.
  const isSound = measured !== undefined && (measured.truePeakDb ?? 0) <= soundPeakDb;
  const gainDb = isSound ? gainTo(targetLufs, measured) : null;
  const peakDb =
    gainDb === null ? Number.POSITIVE_INFINITY : (measured?.truePeakDb ?? Number.NEGATIVE_INFINITY) + gainDb;
  return { level: { targetLufs, gainDb }, ...(peakDb > mostPeakDb && { limited: true }) };
}

/** In dB, to a tenth. */
function gainTo(targetLufs: number, { integratedLufs }: Loudness): number {
  return Math.round(10 * gainWithin(targetLufs - (integratedLufs ?? targetLufs))) / 10;
}
