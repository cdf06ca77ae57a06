/** One thing that ffmpeg opens: what stands before `-i`, and what behind it. */
export interface InputPart {
  readonly options: readonly string[];
  readonly location: string;
}

/** How ffmpeg and ffprobe open a source, good for one opening: addresses are looked up and checked anew for each. */
export interface Input extends AsyncDisposable {
  /** More than one where picture and sound are apart, as with devices; tracks name theirs by its number. */
  readonly parts: readonly InputPart[];
  /** It comes at its own pace: it is read at once, and cannot be begun at another place. */
  readonly live: boolean;
  /** Added to the environment of ffmpeg. */
  readonly env: Readonly<Record<string, string>>;
}
