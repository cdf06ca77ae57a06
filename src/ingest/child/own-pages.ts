/** Read by the C library of a process at its start. */
export const ownPagesVariable = 'MALLOC_MMAP_THRESHOLD_';

/**
 * What is as large as a pipe gives at once, in bytes, or larger, has pages of its own, which the kernel gets back when it is freed
 * (mallopt(3), `M_MMAP_THRESHOLD`): it is kept for seconds, and would leave holes that nothing fits in.
 */
export const ownPages = { [ownPagesVariable]: `${64 * 1024}` };
