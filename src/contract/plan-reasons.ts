/** Why a track is not copied: one row for each reason, for plans, what the command line says of them, and docs. */
interface ReasonEntry {
  /** As a plan says it, with some figures. */
  readonly example: string;
  readonly means: string;
  /** What to do about it beforehand. */
  readonly cure: string;
  /** Whether it is the source that is odd, and not what was asked for, or usual. */
  readonly odd?: true;
  /** What cures it in OBS's own words (Settings, Output, Output Mode: Advanced), where settings do. */
  readonly settings?: readonly string[];
}

/** While a picture is transcoded nobody sees how far its key frames are apart, and encoders that put B-frames in choose freely. */
const keyframeInterval = 'Keyframe Interval to 1 s';

const entries = {
  VIDEO_CODEC: {
    example: 'hevc → h264',
    means: 'browsers do not play this codec by WebRTC everywhere',
    cure: 'encode to H.264',
    odd: true,
    settings: ['Video Encoder to one for H.264'],
  },
  BROADCAST_CODEC: {
    example: 'the broadcast is in h264',
    means: 'viewers keep one codec for the whole broadcast, that of its first source',
    cure: 'the same codec for all sources',
  },
  LARGER: {
    example: 'larger than 720p',
    means: 'the best rendition that was asked for is smaller',
    cure: 'ask for `source` too',
  },
  PROFILE: {
    example: 'profile High 10',
    means: 'a profile that not every browser decodes',
    cure: '`-profile:v high`',
    odd: true,
    settings: ['Profile to high or main'],
  },
  PIXEL_FORMAT: {
    example: 'pixel format yuv420p10le',
    means: 'not 8-bit 4:2:0',
    cure: '`-pix_fmt yuv420p`',
    odd: true,
    settings: ['Color Format to NV12 (Settings, Advanced; ffmpeg: -pix_fmt yuv420p)'],
  },
  HIGH_RANGE: {
    example: 'HDR (PQ) → BT.709',
    means:
      'colours beyond the range of usual screens (PQ or HLG), tone-mapped; `which stays pale` where `mirolive doctor` misses zscale or tonemap',
    cure: 'a grade for BT.709 from the source',
    odd: true,
  },
  B_FRAMES: {
    example: 'B-frames',
    means: 'pictures are stored in another order than they are shown in; WebRTC has no place for that',
    cure: '`-bf 0`',
    odd: true,
    settings: [keyframeInterval, 'B-frames to 0 (with x264 by its options: bframes=0)'],
  },
  EDIT_LIST: {
    example: 'pictures cut off by an edit list',
    means:
      'it was cut without being encoded anew: what is before the cut is still in the file, as the pictures behind it need it, and would be seen',
    cure: 'cut at a key frame, or `ffmpeg -ss 1.7 -i talk.mp4 cut.mp4` without `-c copy`',
    odd: true,
  },
  INTRA_REFRESH: {
    example: 'intra refresh',
    means:
      'no picture is whole, parts of each are renewed in turn; browsers begin with whole ones only. It shows while it plays, once no whole one came within `plan.maxKeyframeInterval`; what was copied until then goes on without a seam, and a file that is played again is transcoded from its beginning',
    cure: '`-x264-params intra-refresh=0`',
    odd: true,
    settings: [keyframeInterval, 'intra refresh off (with x264 by its options: intra-refresh=0)'],
  },
  INTERLACED: {
    example: 'interlaced',
    means: 'two half pictures in one',
    cure: '`-vf bwdif`',
    odd: true,
  },
  ROTATED: {
    example: 'rotated by 90°',
    means: 'players are to turn it; WebRTC players do not',
    cure: 'any new encoding turns it',
    odd: true,
  },
  PIXEL_SHAPE: {
    example: 'pixels are not square',
    means: 'players are to stretch it; WebRTC players do not',
    cure: '`-vf scale=iw*sar:ih,setsar=1`',
    odd: true,
  },
  SELDOM_PICTURES: {
    example: 'pictures up to 20 s apart',
    means:
      'slides, or one picture for all of the sound: each is made one that can be shown alone, and sent again until the next comes, a little oftener than once a second',
    cure: 'nothing: it costs next to nothing',
  },
  SELDOM_KEY_FRAMES: {
    example: 'key frames up to 10 s apart',
    means: 'a viewer may wait so long for the first picture',
    cure: '`-force_key_frames`, or raise `plan.maxKeyframeInterval`',
    odd: true,
    settings: [keyframeInterval],
  },
  UNKNOWN_KEY_FRAMES: {
    example: 'distance of key frames unknown',
    means: 'no packet of the picture could be read in time',
    cure: 'raise `media.probeTimeout`, or look at the file',
  },
  AUDIO_CODEC: {
    example: 'aac → opus',
    means: 'WebRTC carries Opus',
    cure: '`-c:a libopus`',
  },
  CHANNELS: {
    example: '6 channels',
    means: 'more than stereo',
    cure: '`-ac 2`',
  },
  SIDES: {
    example: 'track 0, channel 0 → left, track 0, channel 0 → right',
    means: 'two tracks of mono, as of two microphones, or what `--audio-map` says: Opus has both in one',
    cure: '`-filter_complex amerge`, or `--audio-track 0` to hear one of them',
  },
  LOUDNESS: {
    example: 'brought to -23 LUFS',
    means: '`audio.loudness` names a loudness for all sources, and sound has to be decoded for it',
    cure: '`audio.loudness: auto`, which passes Opus on as it is',
  },
} satisfies Record<string, ReasonEntry>;

export type ReasonCode = keyof typeof entries;
export const planReasons: Readonly<Record<ReasonCode, ReasonEntry>> = entries;
export const reasonCodes = Object.keys(entries) as [ReasonCode, ...ReasonCode[]];
