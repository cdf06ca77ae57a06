import type { Verb } from '../program/verb.ts';
import { printable } from '../words/format.ts';

/** `mirolive config check FILE` */
export function add(program: Verb): void {
  const examples = ['mirolive config check /etc/mirolive/mirolive.yaml'];
  program
    .verb('config', 'Look after the configuration.', examples)
    .verb(
      'check',
      'Check a configuration file: every error with its line, column and the key that was probably meant.',
      examples,
    )
    .argument('<file>', 'configuration file')
    .does(async ({ output }, file: string) => {
      const { loadConfig } = await import('../../files/load-config.ts');
      await loadConfig(file);
      output.show({ file, valid: true }, () => [`${printable(file)} is valid.`]);
    });
}
