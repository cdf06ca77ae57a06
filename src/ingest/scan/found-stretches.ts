import type { ContentFault } from '../../contract/content.ts';
import { maxScanFindings, type ScanFinding, type ScanKind } from '../../contract/scan.ts';

/** What is shorter, in ms, is a cut or a pause as any film has it. */
const leastMs: Readonly<Record<ScanKind, number>> = { black: 2000, silent: 2000, frozen: 10_000, damaged: 0 };
/** What is damaged again so soon, in ms, is one stretch. */
const togetherMs = 2000;

/** How long something may be so on air before it is told, in ms; null: it is not looked for. */
export type ScanLimits = Readonly<
  Record<Extract<ContentFault, 'black' | 'silent' | 'frozen'>, number | null>
>;

interface Run {
  readonly fromMs: number;
  readonly toMs: number;
  readonly words: string | null;
}

/** Makes stretches of what was found at moments. Pure. */
export class FoundStretches {
  readonly #limits: ScanLimits;
  readonly #runs = new Map<ScanKind, Run>();
  readonly #told: ScanFinding[] = [];
  readonly #others: ScanFinding[] = [];
  #count = 0;

  constructor(limits: ScanLimits) {
    this.#limits = limits;
  }

  /** It is so from one moment to another, as far as is known. */
  isSo(kind: ScanKind, fromMs: number, toMs: number, words: string | null = null): void {
    const run = this.#runs.get(kind);
    const goesOn = run && (kind !== 'damaged' || fromMs - run.toMs <= togetherMs);
    if (run && !goesOn) this.#end(kind, run.toMs);
    this.#runs.set(kind, goesOn ? { ...run, toMs: Math.max(run.toMs, toMs) } : { fromMs, toMs, words });
  }

  /** Where it was so last, it still is at a moment. */
  isStillSo(kind: ScanKind, toMs: number): void {
    const run = this.#runs.get(kind);
    if (run) this.#runs.set(kind, { ...run, toMs: Math.max(run.toMs, toMs) });
  }

  /** It is not so from a moment on. */
  isNot(kind: ScanKind, fromMs: number): void {
    if (this.#runs.has(kind)) this.#end(kind, fromMs);
  }

  /** All of them in order, and how many more there are. Nothing follows. @param endMs where the file is over */
  end(endMs: number): { readonly findings: readonly ScanFinding[]; readonly leftOut: number } {
    for (const [kind, { toMs }] of [...this.#runs]) this.#end(kind, Math.min(toMs, endMs));
    const all = [...this.#told, ...this.#others].slice(0, maxScanFindings);
    return { findings: all.sort((a, b) => a.fromMs - b.fromMs), leftOut: this.#count - all.length };
  }

  #end(kind: ScanKind, toMs: number): void {
    const run = this.#runs.get(kind);
    this.#runs.delete(kind);
    if (!run || toMs - run.fromMs < leastMs[kind]) return;
    // Sound that its encoder puts before the start has times below 0.
    const [fromMs, untilMs] = [Math.max(0, Math.round(run.fromMs)), Math.max(0, Math.round(toMs))];
    const limitMs = kind === 'damaged' ? 0 : this.#limits[kind];
    const told = limitMs !== null && untilMs - fromMs >= limitMs;
    this.#count++;
    const list = told ? this.#told : this.#others;
    if (list.length < maxScanFindings) list.push({ kind, fromMs, toMs: untilMs, told, words: run.words });
  }
}
