/** One line of the menu; no value stands for 'auto'. */
export interface QualityLabel {
  readonly value: string;
  readonly label: string;
}

/**
 * The lines of the menu, the best first: Auto, with what it gives now if that is what was chosen, then each rendition.
 * @param renditions names, the lowest first
 * @param given the one that the daemon chose; null: it has not, or not yet
 */
export function qualityLabels(renditions: readonly string[], given: string | null): QualityLabel[] {
  const auto = given === null ? 'Auto' : `Auto (${renditionLabel(given)})`;
  const all = renditions.toReversed().map((name) => ({ value: name, label: renditionLabel(name) }));
  return [{ value: '', label: auto }, ...all];
}

/** `720p` as it is, `Source` with a capital. */
export function renditionLabel(name: string): string {
  return name.charAt(0).toUpperCase() + name.slice(1);
}
