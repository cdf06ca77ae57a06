/** What is degraded while snapshots cannot be written, so that a restart would go on with older ones, or none. */
export const keptPart = 'kept broadcasts';
