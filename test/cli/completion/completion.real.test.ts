import { execa, execaSync } from 'execa';
import { describe, expect, it } from 'vitest';
import { type Desk, openDesk } from '../desk.ts';
import { mirolive } from '../mirolive.ts';
import { broadcast, devices, programmeState, room } from '../samples.ts';

const folder = new URL('../../../bin/', import.meta.url).pathname;

/** What bash offers after Tab at the end of this line. */
async function offered(line: string, desk?: Desk): Promise<string[]> {
  const { stdout } = await execa(
    'bash',
    [
      '--norc',
      '-c',
      `source <(mirolive completion bash)
       eval "COMP_WORDS=($1)"
       [[ $1 == *' ' ]] && COMP_WORDS+=('')
       COMP_CWORD=$(( \${#COMP_WORDS[@]} - 1 ))
       _mirolive 2>/dev/null
       printf '%s\\n' "\${COMPREPLY[@]}"`,
      'bash',
      line,
    ],
    {
      extendEnv: false,
      cwd: folder,
      env: {
        PATH: `${folder}:${process.env.PATH}`,
        HOME: '/nowhere',
        MIROLIVE_SOCKET: desk?.socket ?? '/nowhere/c.sock',
      },
    },
  );
  return stdout.split('\n').filter((word) => word !== '');
}

describe('completion in bash', () => {
  const cases: { line: string; expected: string[] }[] = [
    { line: 'mirolive st', expected: ['stream', 'status', 'stop', 'state'] },
    { line: 'mirolive config ', expected: ['check'] },
    { line: 'mirolive help play', expected: ['playlist'] },
    { line: 'mirolive stream --f', expected: ['--file', '--folder', '--filler', '--fingerprint'] },
    { line: 'mirolive stream --renditions source,2', expected: ['source,240p'] },
    { line: 'mirolive probe --renditions a', expected: ['auto'] },
    { line: 'mirolive stream --file x --room lobby --det', expected: ['--detach'] },
    { line: 'mirolive status --js', expected: ['--json'] },
    { line: 'mirolive --so', expected: ['--socket'] },
    { line: 'mirolive completion ', expected: ['bash', 'zsh', 'fish'] },
    { line: 'mirolive viewers --room ', expected: ['lobby'] },
    { line: 'mirolive viewers --room h', expected: [] },
    { line: 'mirolive stop ', expected: ['b-aaaaaaaaaa'] },
    { line: 'mirolive probe miro', expected: ['mirolive'] },
    { line: 'mirolive stream --file miro', expected: ['mirolive'] },
    { line: 'mirolive stream --test ', expected: ['bars', 'clock', 'motion', 'black'] },
    { line: 'mirolive stream --test --room ', expected: ['lobby'] },
    { line: 'mirolive stream --screen ', expected: [':0', ':1'] },
    { line: 'mirolive stream --screen --regi', expected: ['--region'] },
    { line: 'mirolive stream --window 0x', expected: ['0x3e00007'] },
    { line: 'mirolive stream --device ', expected: ['/dev/video0'] },
    { line: 'mirolive stream --audio-device alsa', expected: ['alsa:hw:0,0'] },
    { line: 'mirolive slate ', expected: ['on', 'off'] },
    { line: 'mirolive take pro', expected: ['programme'] },
    { line: 'mirolive take ca', expected: ['cam1'] },
    { line: 'mirolive take miro', expected: ['mirolive'] },
    { line: 'mirolive playlist add slate te', expected: ['test'] },
    { line: 'mirolive playlist insert ', expected: ['next'] },
    { line: 'mirolive playlist jump i-b', expected: ['i-bbbbbbbbbb'] },
    { line: 'mirolive playlist move --room lobby i-bbbbbbbbbb ', expected: ['next'] },
    { line: 'mirolive keys revoke ', expected: ['k-aaaaaaaaaa'] },
    { line: 'mirolive keys create --room ', expected: ['lobby'] },
    { line: 'mirolive rooms set lobby rec', expected: ['reconnectGrace='] },
    { line: 'mirolive rooms set lobby hold=3s failback=m', expected: ['failback=manual'] },
    { line: 'mirolive rooms set lobby alwaysOn = t', expected: ['true'] },
    { line: 'mirolive rooms unset lobby slate.t', expected: ['slate.text'] },
    {
      line: 'mirolive viewers -n 5 ',
      expected: ['list', 'kick', 'ban', 'bans', 'unban', 'message', 'announce', 'limit'],
    },
    { line: 'mirolive nonsense --xyz ', expected: [] },
  ];
  it.each(cases)('offers $expected for: $line', async ({ line, expected }) => {
    await using desk = await openDesk({
      listRooms: () => [room],
      listBroadcasts: () => [broadcast],
      getProgramme: () => programmeState,
      listKeys: () => [
        {
          ...{ id: 'k-aaaaaaaaaa', room: 'lobby', name: 'cam1', state: 'valid' },
          ...{ createdAt: broadcast.startedAt, expiresAt: null, lastUsedAt: null },
        },
      ],
      listDevices: () => devices,
    });
    expect(await offered(line, desk)).toEqual(expected);
  });

  it('offers nothing, and says nothing, where no daemon answers', async () => {
    expect(await offered('mirolive stop ')).toEqual([]);
    const { stdout, stderr, exitCode } = await mirolive(['__complete', 'stop', '']);
    expect({ stdout, stderr, exitCode }).toEqual({ stdout: '', stderr: '', exitCode: 0 });
  });

  it('asks the daemon that the line names', async () => {
    await using desk = await openDesk({ listRooms: () => [room] });
    expect(await offered(`mirolive viewers --socket ${desk.socket} --room `)).toEqual(['lobby']);
  });
});

const has = (shell: string) =>
  execaSync('sh', ['-c', `command -v ${shell}`], { reject: false }).exitCode === 0;

describe('mirolive completion', () => {
  it('prints a script for zsh that zsh accepts', { skip: !has('zsh') }, async () => {
    const { stdout: script } = await mirolive(['completion', 'zsh']);
    expect((await execa('zsh', ['-n', '-c', script])).stderr).toBe('');
  });

  it('completes in fish', { skip: !has('fish') }, async () => {
    await using desk = await openDesk({ listRooms: () => [room] });
    const offer = async (line: string) => {
      const script = `mirolive completion fish | source; complete -C '${line}'`;
      const env = { PATH: `${folder}:${process.env.PATH}`, MIROLIVE_SOCKET: desk.socket };
      return (await execa('fish', ['--no-config', '-c', script], { env })).stdout.split('\n');
    };
    expect(await offer('mirolive sta')).toEqual(['status\tThe daemon at a glance.']);
    expect(await offer('mirolive viewers --room ')).toEqual(['lobby\tlive']);
  });
});
