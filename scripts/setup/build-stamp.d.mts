/** Whether the newest build is of what the checkout holds now. */
export function buildIsCurrent(root: string): Promise<boolean>;
