import * as z from 'zod';
import { doctorLine } from '../doctor-line.ts';
import { status, version } from '../models.ts';
import { changedKey } from '../reloaded.ts';
import { routes } from '../routes.ts';
import { type Call, none } from './call.ts';

/** Calls about the daemon itself. */
export const daemonCalls = {
  version: {
    ...routes.version,
    needs: 'look',
    summary: 'Who answers, which versions, and what whoever asks may',
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
  doctor: {
    ...routes.doctor,
    needs: 'administer',
    summary:
      "Look at the daemon's machine: programs, certificates, state, media folders; one finding after the other",
    params: none,
    result: doctorLine,
    errors: ['LIMIT_REACHED'],
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
