/** The page's keys, each with what it does: `f`, `m`, `?`, `Escape`, `ArrowUp` … */
export function setUpKeyboard(actions: Readonly<Record<string, () => void>>): void {
  document.addEventListener('keydown', (event) => {
    if (event.ctrlKey || event.altKey || event.metaKey || event.repeat) return;
    // The volume and the menu have arrow keys of their own.
    const { target } = event;
    const hasArrows = target instanceof HTMLInputElement || target instanceof HTMLSelectElement;
    if (hasArrows && event.key.startsWith('Arrow')) return;
    const action = actions[event.key.length === 1 ? event.key.toLowerCase() : event.key];
    if (action === undefined) return;
    event.preventDefault();
    action();
  });
}
