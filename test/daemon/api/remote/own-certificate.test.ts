import { mkdirSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { ownCertificate } from '../../../../src/daemon/api/remote/own-certificate.ts';
import { silentLog, temporaryFolder } from '../../../helpers/state.ts';

test('a certificate that cannot be read for now stays where it is', async () => {
  using folder = temporaryFolder();
  mkdirSync(join(folder.path, 'control-tls.pem'));
  await expect(ownCertificate(folder.path, 0, silentLog)).rejects.toThrow('EISDIR');
  expect(readdirSync(folder.path)).toEqual(['control-tls.pem']);
});
