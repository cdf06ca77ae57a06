/**
 * Sound as Opus takes it. Of more than two channels the centre, where speech is, stays at −3 dB, so do the surrounds, and the LFE is left
 * out (ITU-R BS.775): ffmpeg lowers all of it by 7.7 dB more where its samples are whole numbers, which these are not.
 */
export const asStereo = ['aresample=48000', 'aformat=sample_fmts=fltp:channel_layouts=stereo'];
