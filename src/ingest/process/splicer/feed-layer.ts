/**
 * The rendition of a feed that goes out as another. Where it has fewer than are sent, only the best goes out as the best: a line that
 * does not carry that one gets something smaller. Where it has more, the best of them go out.
 */
export function feedLayer(sent: number, sentLayers: number, feedLayers: number): number {
  if (sent === sentLayers - 1) return feedLayers - 1;
  const more = Math.max(0, feedLayers - sentLayers);
  return Math.min(sent + more, Math.max(0, feedLayers - 2));
}
