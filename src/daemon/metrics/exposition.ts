/** One number with what tells it apart. */
export interface Sample {
  readonly labels?: Readonly<Record<string, string>>;
  readonly value: number;
}

/** Numbers of one name. */
export interface Family {
  readonly name: string;
  readonly help: string;
  readonly type: 'gauge' | 'counter';
  readonly samples: readonly Sample[];
}

/** Says in its header what the text is (https://prometheus.io/docs/instrumenting/exposition_formats/). */
export const expositionType = 'text/plain; version=0.0.4; charset=utf-8';

/** Numbers in the text format of Prometheus. What is no number is left out. */
export function exposition(families: readonly Family[]): string {
  return families
    .flatMap(({ name, help, type, samples }) => {
      const told = samples.filter(({ value }) => Number.isFinite(value));
      if (told.length === 0) return [];
      return [
        `# HELP ${name} ${escaped(help)}`,
        `# TYPE ${name} ${type}`,
        ...told.map(({ labels = {}, value }) => `${name}${labelled(labels)} ${value}`),
      ];
    })
    .map((line) => `${line}\n`)
    .join('');
}

function labelled(labels: Readonly<Record<string, string>>): string {
  const pairs = Object.entries(labels).map(
    ([key, value]) => `${key}="${escaped(value).replaceAll('"', '\\"')}"`,
  );
  return pairs.length === 0 ? '' : `{${pairs.join(',')}}`;
}

function escaped(text: string): string {
  return text.replaceAll('\\', '\\\\').replaceAll('\n', '\\n');
}
