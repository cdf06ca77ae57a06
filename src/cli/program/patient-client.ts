import type { CallName, CallParams } from '../../contract/api.ts';
import type { Source } from '../../contract/models.ts';
import { sourceWords } from '../../contract/source-words.ts';
import type { Client } from '../client.ts';
import type { Output } from './output.ts';

/** A client whose calls, where they take long, say what they wait for. */
export function patientClient(client: Client, output: Output): Client {
  return {
    ...client,
    async call(name, params, options) {
      using _said = output.waiting(waitWords(name, params as CallParams<CallName>));
      return await client.call(name, params, options);
    },
  };
}

function waitWords(name: CallName, params: CallParams<CallName>): string {
  if (name === 'startBroadcast' && 'source' in params) return firstPicture(params.source);
  if (name === 'control' && 'command' in params) {
    const { command, room } = params;
    return command.type === 'take' ? firstPicture(command.source) : `${room} to do so`;
  }
  if (name === 'probe' && 'source' in params) return `a look into ${sourceWords(params.source as Source)}`;
  return 'the answer of the daemon';
}

function firstPicture(source: unknown): string {
  return `the first picture of ${sourceWords(source as Source)}`;
}
