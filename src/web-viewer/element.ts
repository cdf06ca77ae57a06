/**
 * The element of index.html with this id.
 * @throws if the page lacks it, or it is of another kind
 */
export function element<T extends Element>(id: string, kind: { new (): T; readonly name: string }): T {
  const found = document.getElementById(id);
  if (found instanceof kind) return found;
  throw new Error(`expected <${kind.name} id="${id}"> in the page, got ${found?.tagName}`);
}
