import * as z from 'zod';
import { status, version } from '../models.ts';
import { changedKey } from '../reloaded.ts';
import { routes } from '../routes.ts';
import { type Call, none } from './call.ts';

/** Calls about the daemon itself. */
export const daemonCalls = {
  version: {
    ...routes.version,
    needs: 'look',
    summary: 'Who answers, and which versions',
    params: none,
    result: version,
    errors: [],
  },
  status: {
    ...routes.status,
    needs: 'look',
    summary: 'The daemon at a glance',
    params: none,
    result: status,
    errors: [],
  },
  reload: {
    ...routes.reload,
    needs: 'administer',
    summary:
      'Read the configuration again, as at SIGHUP: which keys were changed, and from when on they hold',
    params: none,
    result: z.array(changedKey),
    errors: ['INVALID_CONFIG'],
  },
  openapi: {
    ...routes.openapi,
    needs: 'look',
    summary: 'This API as an OpenAPI 3.1 document',
    params: none,
    result: z.record(z.string(), z.unknown()),
    errors: [],
  },
} as const satisfies Record<string, Call>;
