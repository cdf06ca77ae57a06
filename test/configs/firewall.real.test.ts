import { readFile } from 'node:fs/promises';
import { execa } from 'execa';
import { expect, it } from 'vitest';

it.skipIf(process.getuid?.() !== 0)(
  'nft takes the firewall of docs/operations (needs root, for a network of its own)',
  async () => {
    const page = await readFile('docs/operations/proxies.md', 'utf8');
    const [, rules = ''] = /```nft\n(.*?)```/s.exec(page) ?? [];
    const { stdout } = await execa(
      'unshare',
      ['--net', 'sh', '-ec', 'nft --file - && nft list table inet mirolive'],
      { input: rules },
    );
    expect(stdout).toContain('type filter hook input priority filter; policy drop;');
    expect(stdout).toContain('udp dport 29400-29403 accept');
  },
);
