// What `npm run TASK -- --help` prints. It runs on the system's Node with nothing installed.

/** What each task does, and the flags that it takes. */
export const taskHelp = {
  demo: `usage: npm run demo [-- options]
A daemon of its own with a sample talk on air, and the link to open. Ctrl-C ends it.
  --check   watches the talk itself, prints one line of JSON of what it saw, and ends
`,
  test: `usage: npm run test [-- PATH… options]
Types, then all tests but the long ones, or those of the paths. What is behind -- is Vitest's.
  -t TEXT   only tests whose name has this text
`,
  long: `usage: npm run long [-- PATH… options]
The tests that take long, or those of the paths: each kind of file, other people's programs, kills, crowds. About 20 minutes.
  -t TEXT   only tests whose name has this text
`,
  package: `usage: npm run package [-- options]
A Debian package with its own Node and worker, for machines of this kind and release: dist-packages/mirolive_VERSION_ARCH.deb.
  --version V   its version; default: that of package.json
  --target DIR  where it is put; default: dist-packages
  --level N     how hard it is compressed, 0 to 9; default: 6
`,
  packages: `usage: npm run packages
Installs mirolive as others do, by npm, and by apt into a Debian of its own (needs root), and puts something on air with what was
installed.
`,
  bench: `usage: npm run bench [-- options]
Measures what an operator notices, on this machine: see docs/benchmarks.md. About 20 minutes for all rows.
  --only NAME           of the rows there; may be given several times
  --runs N              how often each is measured, 1 to 999; default: as docs/benchmarks.md says
  --whep-load PATH      a WHEP load tool, for 'viewers'; default: WHEP_LOAD of the environment
  --beside URL          another server on this machine: where its programme is watched by WHEP
  --beside-name NAME    what it is called; default: its URL
  --beside-publish URL  where it takes a programme by RTMP; without it, you feed it
  --beside-pid PID      its process, whose time is counted, and that of its children
  --trace               the way of single pictures through all stages, instead of the rows; takes tcpdump, and root or CAP_NET_RAW
  --json                one JSON object instead of the table
`,
  soak: `usage: npm run soak -- --minutes N | --kills N
The simulations of the tests, with new histories for N minutes or until one fails; with --kills, N kills of a real daemon at
moments by chance over a running event.
`,
  build: `usage: npm run build
All that mirolive needs (system packages as root, npm's packages, a mediasoup worker), and a new build in dist/.
`,
  worker: `usage: npm run worker
The same as npm run build, and the mediasoup worker of this source, which encrypts faster and lets viewers begin at once:
some minutes where it is not built yet.
`,
  check: `usage: npm run check
Types and lint.
`,
};
