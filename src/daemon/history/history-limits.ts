import type { Config } from '../../contract/config.ts';
import type { HistoryLimits } from './history-table.ts';

/** How much of the past is kept, as the configuration says it. */
export function historyLimits({ history, privacy }: Pick<Config, 'history' | 'privacy'>): HistoryLimits {
  const { keep, maxSize } = history;
  return { keepMs: keep, maxBytes: maxSize, keepAddressesMs: Math.min(keep, privacy.keepAddresses) };
}
