/** Whether dist was built from what the checkout holds now. */
export function buildIsCurrent(root: string): Promise<boolean>;
