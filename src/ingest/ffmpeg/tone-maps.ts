import { execa } from 'execa';

/** A program that takes longer to say what it has hangs, in ms. */
const answerTimeoutMs = 20_000;

/** Filters that bring colours of HDR into the range of usual screens. */
const wanted = ['zscale', 'tonemap'] as const;

/** Those of them that ffmpeg was built without; null: it did not say, as on a machine that had too much else to do. */
export async function missingToneMaps(
  ffmpeg: string,
  signal?: AbortSignal,
): Promise<readonly string[] | null> {
  const { failed, stdout = '' } = await execa(ffmpeg, ['-hide_banner', '-filters'], {
    ...{ reject: false, timeout: answerTimeoutMs, stdin: 'ignore', stderr: 'ignore' },
    ...(signal && { cancelSignal: signal }),
  });
  return failed ? null : wanted.filter((filter) => !stdout.includes(` ${filter} `));
}
