import type { Command } from 'commander';
import { expect, test } from 'vitest';
import { meantCommand } from '../../../src/cli/program/meant-words.ts';
import { buildProgram } from '../../../src/cli/program/program.ts';
import { nearest } from '../../../src/contract/nearest.ts';

const program: Command = await buildProgram({ write: () => {} }, { write: () => {} }, async () => {});
const verbs = program.commands.map((verb) => verb.name());
const below = new Set(program.commands.flatMap(({ commands }) => commands.map((one) => one.name())));
const slips = [...below].flatMap((word) => {
  const verb = verbs.includes(word) ? undefined : nearest(word, verbs, 1);
  return verb === undefined ? [] : [{ word, verb }];
});

test('there are words that are a command below a verb, and a slip of one letter', () => {
  expect(slips).toContainEqual({ word: 'log', verb: 'logs' });
});

test.each(slips)('$word may be meant for $verb, which is named first', ({ word, verb }) => {
  expect(meantCommand(word, program)?.words).toMatch(new RegExp(`^did you mean ${verb}, or \\S+ ${word}`));
});
