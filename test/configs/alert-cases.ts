/** Series that make an alert due, in promtool's notation, and what it then says. */
export interface AlertCase {
  readonly bad: Readonly<Record<string, string>>;
  /** When it has to be there. */
  readonly at: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly words: { readonly summary: string; readonly runbook?: string };
}

const lobby = { instance: 'desk', room: 'lobby' };
const ofLobby = 'instance="desk",room="lobby"';

/** For each alert. */
export const cases: Readonly<Record<string, AlertCase>> = {
  MiroliveDown: {
    bad: { 'up{job="mirolive",instance="desk"}': '0x20' },
    at: '2m',
    labels: { job: 'mirolive', instance: 'desk' },
    words: { summary: 'desk does not answer' },
  },
  MiroliveRoomOffAir: {
    bad: {
      [`mirolive_room_wanted{${ofLobby}}`]: '1x20',
      [`mirolive_room_on_air{${ofLobby},entry="nothing"}`]: '1x20',
    },
    at: '2m',
    labels: lobby,
    words: {
      summary: 'Nothing is on air in lobby, and something should be',
      runbook: 'mirolive events --since 10m --room lobby',
    },
  },
  MiroliveRoomBad: {
    bad: { [`mirolive_room_health{${ofLobby},health="bad"}`]: '1x20' },
    at: '2m',
    labels: { ...lobby, health: 'bad' },
    words: { summary: 'Viewers of lobby do not see what they should' },
  },
  MiroliveContentBlackOrFrozen: {
    bad: { [`mirolive_content_wrong{${ofLobby},fault="frozen"}`]: '1x20' },
    at: '2m',
    labels: { ...lobby, fault: 'frozen' },
    words: {
      summary: 'The picture in lobby is frozen',
      runbook: 'mirolive slate on --room lobby, until the source is mended',
    },
  },
  MiroliveContentSilentOrClipping: {
    bad: { [`mirolive_content_wrong{${ofLobby},fault="silent"}`]: '1x20' },
    at: '3m',
    labels: { ...lobby, fault: 'silent' },
    words: { summary: 'The sound in lobby is silent' },
  },
  MiroliveViewersSuffer: {
    bad: {
      [`mirolive_viewers_suffering{${ofLobby},suffers="loss"}`]: '3x20',
      [`mirolive_viewers_suffering{${ofLobby},suffers="frozen"}`]: '1x20',
      [`mirolive_viewers{${ofLobby},kind="page",state="playing"}`]: '20x20',
      [`mirolive_viewers{${ofLobby},kind="whep",state="playing"}`]: '5x20',
    },
    at: '2m',
    labels: lobby,
    words: {
      summary: '4 viewers of lobby have it bad',
      runbook: 'mirolive viewers --room lobby --sort loss',
    },
  },
  MirolivePipelineSlow: {
    bad: { [`mirolive_broadcast_pipeline_speed_ratio{${ofLobby}}`]: '0.5x20' },
    at: '2m',
    labels: lobby,
    words: { summary: 'ffmpeg is slower than real time in lobby: 50%' },
  },
  MirolivePipelineFlaps: {
    bad: { [`mirolive_pipeline_restarts_total{${ofLobby}}`]: '0+1x40' },
    at: '10m',
    labels: lobby,
    words: {
      summary: 'ffmpeg is started again and again in lobby',
      runbook: 'mirolive events --since 10m --type pipeline.failed --room lobby',
    },
  },
  MiroliveProcessesDie: {
    bad: { 'mirolive_process_deaths_total{instance="desk",kind="worker"}': '0+1x40' },
    at: '10m',
    labels: { instance: 'desk', kind: 'worker' },
    words: { summary: 'Processes of the kind worker die' },
  },
  MiroliveDegraded: {
    bad: { 'mirolive_degraded{instance="desk",part="rtmp"}': '1x20' },
    at: '2m',
    labels: { instance: 'desk', part: 'rtmp' },
    words: { summary: 'rtmp is missing' },
  },
  MiroliveLoopLag: {
    bad: { 'mirolive_event_loop_lag_seconds{instance="desk",percentile="99"}': '0.3x20' },
    at: '3m',
    labels: { instance: 'desk', percentile: '99' },
    words: { summary: 'The main thread of desk is late: 300ms' },
  },
  MiroliveDiskFull: {
    bad: { 'mirolive_disk_free_bytes{instance="desk",of="state"}': '1048576x20' },
    at: '2m',
    labels: { instance: 'desk', of: 'state' },
    words: { summary: 'The disk of the state is full: 1MiB are free' },
  },
  MiroliveCertificateEnds: {
    bad: { 'mirolive_certificate_end_time_seconds{instance="desk",of="rtmp"}': '864060x20' },
    at: '1m',
    labels: { instance: 'desk', of: 'rtmp' },
    words: { summary: 'The certificate of rtmp ends in 10d 0h 0m 0s' },
  },
};

/** The same series while all is well; what is missing has none. */
export const well: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  MiroliveDown: { 'up{job="mirolive",instance="desk"}': '1x20' },
  MiroliveRoomOffAir: {
    [`mirolive_room_wanted{${ofLobby}}`]: '1x20',
    [`mirolive_room_on_air{${ofLobby},entry="main"}`]: '1x20',
  },
  MiroliveRoomBad: { [`mirolive_room_health{${ofLobby},health="bad"}`]: '0x20' },
  MiroliveContentBlackOrFrozen: { [`mirolive_content_wrong{${ofLobby},fault="frozen"}`]: '1 0x20' },
  MiroliveContentSilentOrClipping: { [`mirolive_content_wrong{${ofLobby},fault="silent"}`]: '1x3 0x20' },
  MiroliveViewersSuffer: {
    [`mirolive_viewers_suffering{${ofLobby},suffers="loss"}`]: '4x20',
    [`mirolive_viewers{${ofLobby},kind="page",state="playing"}`]: '100x20',
  },
  MirolivePipelineSlow: { [`mirolive_broadcast_pipeline_speed_ratio{${ofLobby}}`]: '1x20' },
  MirolivePipelineFlaps: { [`mirolive_pipeline_restarts_total{${ofLobby}}`]: '7x40' },
  MiroliveProcessesDie: { 'mirolive_process_deaths_total{instance="desk",kind="worker"}': '1x40' },
  MiroliveDegraded: { 'mirolive_degraded{instance="desk",part="rtmp"}': '1x2 0x20' },
  MiroliveLoopLag: { 'mirolive_event_loop_lag_seconds{instance="desk",percentile="100"}': '0.3x20' },
  MiroliveDiskFull: { 'mirolive_disk_free_bytes{instance="desk",of="state"}': '1048576000x20' },
  MiroliveCertificateEnds: {
    'mirolive_certificate_end_time_seconds{instance="desk",of="rtmp"}': '8640000x20',
  },
};
