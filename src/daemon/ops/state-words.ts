/** The daemon in one line, for `systemctl status`. @param figures as the daemon gives them */
export function stateWords(figures: Readonly<Record<string, number>>): string {
  const { broadcasts = 0, starting = 0, viewers = 0, publishers = 0 } = figures;
  const onAir = starting === 0 ? `${broadcasts}` : `${broadcasts - starting} of ${broadcasts}`;
  return `${onAir} on air, ${viewers} watching, ${publishers} publishing`;
}
