import { MiroliveError } from '../../contract/errors.ts';
import { type PlaceFlags, placeArguments } from './environment.ts';

/** That a command is about this machine, whatever is asked of other commands. @throws MiroliveError USAGE where another machine is named */
export function onlyHere(command: string, { host, context, tokenFile, fingerprint }: PlaceFlags): void {
  const [named] = placeArguments({ host, context, tokenFile, fingerprint });
  if (named === undefined) return;
  throw new MiroliveError('USAGE', `${command} is about the machine that it runs on, got ${named}`, {
    hint: `Run it on that machine, for example by ssh: ${command}`,
  });
}
