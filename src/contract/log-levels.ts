/** How much the log says: of these, those that stand before its level, and it. */
export const logLevels = ['error', 'warn', 'info', 'debug'] as const;
export type LogLevelName = (typeof logLevels)[number];
