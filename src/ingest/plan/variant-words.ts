import type { Variants } from '../../contract/plan.ts';

/** Which of several variants is played, as the list says: `1 of 0 to 2, 1280x720, 3 Mbit/s`. */
export function variantWords({ chosen, found }: Variants): string {
  const { width = 0, height = 0, bandwidthBps = 0 } = found[chosen] ?? {};
  const said = [
    `${chosen} of 0 to ${found.length - 1}`,
    ...(height > 0 ? [`${width}x${height}`] : []),
    ...(bandwidthBps > 0 ? [`${Math.round(bandwidthBps / 100_000) / 10} Mbit/s`] : []),
  ];
  return said.join(', ');
}
