/** What programs need to be found, to find what is theirs, and to speak and tell the time as the user does. */
const usual = ['PATH', 'LD_LIBRARY_PATH', 'HOME', 'USER', 'LOGNAME', 'TMPDIR', 'LANG', 'LANGUAGE', 'TZ'];
/** Screens, windows and sound, with the session that they are of. */
const desktop = [
  ...['XDG_RUNTIME_DIR', 'DISPLAY', 'WAYLAND_DISPLAY', 'XAUTHORITY', 'DBUS_SESSION_BUS_ADDRESS'],
  ...['PULSE_SERVER', 'PULSE_COOKIE', 'PULSE_RUNTIME_PATH', 'PIPEWIRE_REMOTE', 'ALSA_CONFIG_PATH'],
];
/** Encoders in hardware, fonts, and whom Node and OpenSSL trust. */
const machine = [
  ...['LIBVA_DRIVER_NAME', 'LIBVA_DRIVERS_PATH', 'CUDA_VISIBLE_DEVICES', 'NVIDIA_VISIBLE_DEVICES'],
  ...[
    'XDG_CACHE_HOME',
    'XDG_CONFIG_HOME',
    'XDG_DATA_HOME',
    'XDG_DATA_DIRS',
    'FONTCONFIG_FILE',
    'FONTCONFIG_PATH',
  ],
  ...['NODE_EXTRA_CA_CERTS', 'SSL_CERT_FILE', 'SSL_CERT_DIR'],
];
const needed = new Set([...usual, ...desktop, ...machine]);

/** Of an environment, what those need that read what strangers send: its secrets are none of theirs. */
export function childEnvironment(whole: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return Object.fromEntries(
    Object.entries(whole).filter(([name]) => needed.has(name) || name.startsWith('LC_')),
  );
}
