import type { Counter, Gauge, Histogram, Registry, RegistryContentType } from 'prom-client';

/** In which form numbers are told: that of OpenMetrics, or the older one of Prometheus. */
export type Form = 'openmetrics' | 'prometheus';

/** Numbers of one name as they are now, with what tells them apart. */
export type Labels = Readonly<Record<string, string>>;

/** A registry of our own, with what makes numbers in it: nothing of it is shared by the process. */
export class Numbers {
  readonly #client: typeof import('prom-client');
  readonly #registry: Registry<RegistryContentType>;
  /** Two at the same time would be told each other's form. */
  #telling: Promise<unknown> = Promise.resolve();

  private constructor(client: typeof import('prom-client')) {
    this.#client = client;
    this.#registry = new client.Registry();
  }

  /** Loads what only a daemon needs whose numbers are asked for. */
  static async create(): Promise<Numbers> {
    return new Numbers((await import('prom-client')).default);
  }

  /** What goes up and down. */
  gauge(name: string, help: string, labelNames: readonly string[] = []): Gauge<string> {
    return new this.#client.Gauge(this.#named(name, help, labelNames));
  }

  /** What only grows, from the start of the daemon. */
  counter(name: string, help: string, labelNames: readonly string[] = []): Counter<string> {
    return new this.#client.Counter(this.#named(`${name}_total`, help, labelNames));
  }

  histogram(name: string, help: string, buckets: readonly number[]): Histogram<string> {
    return new this.#client.Histogram({ ...this.#named(name, help, []), buckets: [...buckets] });
  }

  /** Numbers of a room that nobody knows any more are told no more. */
  async forget(room: string): Promise<void> {
    for (const metric of this.#registry.getMetricsAsArray()) {
      if (!(metric instanceof this.#client.Gauge || metric instanceof this.#client.Counter)) continue;
      const { values } = await metric.get();
      for (const { labels } of values) if (labels.room === room) metric.remove(labels);
    }
  }

  /** All of them as a text. */
  text(form: Form): Promise<string> {
    const told = this.#telling.then(() => this.#tell(form));
    this.#telling = told.catch(() => {});
    return told;
  }

  async #tell(form: Form): Promise<string> {
    const metrics = this.#registry.getMetricsAsArray() as { name: string }[];
    // For OpenMetrics it takes the end off the names of counters, and leaves it off.
    const names = metrics.map(({ name }) => name);
    try {
      this.#registry.setContentType(contentType[form]);
      return await this.#registry.metrics();
    } finally {
      for (const [at, name] of names.entries()) if (metrics[at]) metrics[at].name = name;
    }
  }

  #named(name: string, help: string, labelNames: readonly string[]) {
    return { name: `mirolive_${name}`, help, labelNames: [...labelNames], registers: [this.#registry] };
  }
}

/** What a form is called (https://prometheus.io/docs/instrumenting/exposition_formats/). */
export const contentType = {
  openmetrics: 'application/openmetrics-text; version=1.0.0; charset=utf-8',
  prometheus: 'text/plain; version=0.0.4; charset=utf-8',
} as const;

/** The form that a client takes; OpenMetrics where it names that, as Prometheus does. */
export function formFor(accept: string | undefined): Form {
  const named = (accept ?? '')
    .slice(0, 1000)
    .split(',')
    .map((part) => part.trim());
  const isRefused = (part: string) => /;\s*q=0(\.0*)?\s*$/.test(part);
  return named.some((part) => part.startsWith('application/openmetrics-text') && !isRefused(part))
    ? 'openmetrics'
    : 'prometheus';
}

/** Sets a gauge to what is now, and to nothing else. What is no number is left out. */
export function setAll(gauge: Gauge<string>, samples: Iterable<readonly [Labels, number | null]>): void {
  gauge.reset();
  for (const [labels, value] of samples)
    if (value !== null && Number.isFinite(value)) gauge.set(labels, value);
}

/** One sum for all with the same labels. */
export function summed<T>(
  all: Iterable<T>,
  labels: (one: T) => Labels,
  value: (one: T) => number = () => 1,
): (readonly [Labels, number])[] {
  const sums = new Map<string, { readonly labels: Labels; value: number }>();
  for (const one of all) {
    const its = labels(one);
    const key = Object.values(its).join('\n');
    const sum = sums.get(key);
    if (sum) sum.value += value(one);
    else sums.set(key, { labels: its, value: value(one) });
  }
  return [...sums.values()].map((sum) => [sum.labels, sum.value]);
}
