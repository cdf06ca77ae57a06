import { Command } from 'commander';
import { expect, test } from 'vitest';
import { buildProgram } from '../../../src/cli/program/program.ts';
import { leaves, manPage } from '../../../src/cli/words/man-page.ts';

const ignored = { write: () => {} };

test('manPage tells every command with its options, and what it says is no request of roff', async () => {
  const program = await buildProgram(ignored, ignored, async () => {});
  const page = manPage(program, '1.2.3');
  for (const [name, command] of leaves(program)) {
    expect(page).toContain(`.SS "${name.replaceAll('-', '\\-')} `);
    for (const { long } of command.options) expect(page).toContain(long?.replaceAll('-', '\\-'));
  }
  expect(page).toContain('\nmirolive stream \\-\\-file talk.mp4 \\-\\-room lobby');
  const requests = new Set(page.split('\n').flatMap((line) => /^['.]\S*/.exec(line) ?? []));
  expect([...requests].sort()).toEqual([
    '.B',
    '.I',
    '.PP',
    '.RE',
    '.RI',
    '.RS',
    '.SH',
    '.SS',
    '.TH',
    '.TP',
    '.fi',
    '.nf',
  ]);
});

test('manPage hands words on as they are', () => {
  const program = new Command('mirolive').description('A "desk".');
  program.command('go').description(".a \\ 'path'").option('--at <"place">', "'here'");
  const page = manPage(program, '1');
  expect(page).toContain("\n\\&.a \\e 'path'\n");
  expect(page).toContain('\n.B "\\-\\-at <\\(dqplace\\(dq>"\n\\&\'here\'\n');
});
