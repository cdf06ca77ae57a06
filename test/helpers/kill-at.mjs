// Loaded before a program: it kills itself where it is about to change its files for the KILL_AT-th time. With NO_LINKS it is on a file
// system where a file has one name.
import fs from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';

let left = Number(process.env.KILL_AT);
for (const name of ['copyFileSync', 'linkSync', 'openSync', 'renameSync', 'rmSync', 'writeFileSync']) {
  const real = fs[name];
  fs[name] = (path, ...values) => {
    const isChange = `${path}`.startsWith(process.env.KILL_IN) && values[0] !== 'r';
    if (isChange && --left === 0) process.kill(process.pid, 'SIGKILL');
    if (name === 'linkSync' && process.env.NO_LINKS) throw new Error('EPERM');
    return real(path, ...values);
  };
}
syncBuiltinESMExports();
