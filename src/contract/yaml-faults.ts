import { type Document, isAlias, isMap, isNode, isPair, isScalar, isSeq, type Node } from 'yaml';

/** What is wrong, and at which character of the text. */
export interface YamlFault {
  readonly offset: number;
  readonly message: string;
}

/** No file needs more than ten. */
const maxDepth = 100;
/** Those that say what is known anyway. */
const plainTag = /^tag:yaml\.org,2002:(?:str|int|float|bool|null|map|seq)$/;

/**
 * What YAML can say and no file may: tags, merges, names that JavaScript takes for its own, values that are in themselves or nested without
 * end. Pure. @param maxParts values that aliases may stand for, of the whole file
 */
export function yamlFaults(document: Document, maxParts: number): YamlFault[] {
  const faults: YamlFault[] = [];
  /** How many values an anchor stands for; null: it is not whole yet. */
  const anchors = new Map<string, number | null>();
  let unfolded = 0;
  const tell = ({ range }: Node, message: string): 0 => {
    faults.push({ offset: range?.[0] ?? 0, message });
    return 0;
  };

  const partsOf = (node: unknown, depth: number): number => {
    if (isPair(node)) return keyParts(node.key, depth) + partsOf(node.value, depth);
    if (!isNode(node)) return 0;
    if (depth > maxDepth) return tell(node, `expected at most ${maxDepth} levels, one within the other`);
    if (isAlias(node)) {
      const known = anchors.get(node.source);
      if (known === undefined) return tell(node, `expected the anchor &${node.source} before its alias`);
      if (known === null) return tell(node, 'expected an alias of something else than what it stands in');
      const before = unfolded;
      unfolded += known;
      if (before <= maxParts && unfolded > maxParts)
        tell(node, `expected aliases that stand for at most ${maxParts} values, of the whole file`);
      return known;
    }
    const { tag } = node;
    if (tag !== undefined && !plainTag.test(tag)) tell(node, `expected a value without a tag, got ${tag}`);
    const anchor = isScalar(node) || isMap(node) || isSeq(node) ? node.anchor : undefined;
    if (anchor !== undefined) anchors.set(anchor, null);
    const inner: readonly unknown[] = isMap(node) || isSeq(node) ? node.items : [];
    const parts = inner.reduce<number>((sum, one) => sum + partsOf(one, depth + 1), 1);
    if (anchor !== undefined) anchors.set(anchor, parts);
    return parts;
  };
  const keyParts = (key: unknown, depth: number): number => {
    if (isScalar(key) && key.value === '__proto__') return tell(key, 'expected another name than __proto__');
    if (isScalar(key) && key.source === '<<' && key.type === 'PLAIN')
      return tell(key, 'expected the keys themselves, got a merge of them (<<)');
    return partsOf(key, depth);
  };

  partsOf(document.contents, 0);
  return faults;
}
