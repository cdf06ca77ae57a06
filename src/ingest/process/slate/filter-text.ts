/**
 * Text as a value of an option in a filter graph. It is taken apart twice: as the graph, then as the options of a filter
 * (https://ffmpeg.org/ffmpeg-filters.html, 'Notes on filtergraph escaping').
 */
export function filterText(text: string): string {
  return text.replace(/[\\':]/g, '\\$&').replace(/[\\'[\],;]/g, '\\$&');
}
