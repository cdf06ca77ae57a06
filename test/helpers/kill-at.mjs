// Loaded before a program: it kills itself where it is about to change its files for the KILL_AT-th time.
import fs from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';

let left = Number(process.env.KILL_AT);
for (const name of ['copyFileSync', 'linkSync', 'openSync', 'renameSync', 'rmSync', 'writeFileSync']) {
  const real = fs[name];
  fs[name] = (path, ...values) => {
    const isChange = `${path}`.startsWith(process.env.KILL_IN) && values[0] !== 'r';
    if (isChange && --left === 0) process.kill(process.pid, 'SIGKILL');
    return real(path, ...values);
  };
}
syncBuiltinESMExports();
