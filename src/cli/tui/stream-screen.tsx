import { Box, Text } from 'ink';
import { clock } from '../../contract/media-time.ts';
import type { Broadcast, BroadcastStats, OnAir } from '../../contract/models.ts';
import type { Plan } from '../../contract/plan.ts';
import { entryWords } from '../words/event-words.ts';
import { bitrate, count, cureLines, planLines, printable } from '../words/format.ts';

/** What is drawn: the broadcast, and what has changed since it began. */
export interface StreamScreenProps {
  readonly broadcast: Broadcast;
  readonly stats: BroadcastStats;
  readonly plan: Plan;
  readonly viewers: number;
  readonly onAir: Pick<OnAir, 'entry' | 'words'>;
  /** The item of a playlist that plays; null: none has begun. */
  readonly item: { readonly index: number; readonly words: string } | null;
  /** What the operator has set; null: nothing yet. */
  readonly settings: {
    readonly paused: boolean;
    readonly volumePercent: number;
    readonly muted: boolean;
  } | null;
  /** `ended` with the words for how. */
  readonly phase: 'live' | 'stopping' | { readonly ended: string };
  /** The latest trouble, such as ffmpeg's last words; null: none. */
  readonly trouble: string | null;
  /** Width of the terminal, in columns. */
  readonly columns: number;
  readonly color: boolean;
}

/** Media read ahead below this is a sign that ffmpeg is too slow, in ms. */
const thinBufferMs = 300;

/** A longer bar says no more, in columns. */
const maxBar = 100;

/** The screen of `mirolive stream`: what is on air, where in it, how well it runs, and the link to hand out. */
export function StreamScreen(props: StreamScreenProps) {
  const { broadcast, stats, plan, viewers, onAir, item, settings, phase, trouble, color } = props;
  const tint = (name: string) => (color ? { color: name } : {});
  const width = Math.max(20, props.columns);
  const over = typeof phase === 'object';
  return (
    <Box flexDirection="column" width={width}>
      <Box justifyContent="space-between">
        <Text wrap="truncate">
          <Text bold {...tint(phase === 'live' && onAir.entry !== 'slate' ? 'red' : 'yellow')}>
            {over ? phase.ended : phase === 'live' ? liveWords(onAir) : '● stopping …'}
          </Text>
          {'  '}
          <Text bold>{printable(broadcast.name)}</Text> in {broadcast.room}
        </Text>
        <Box flexShrink={0} paddingLeft={2}>
          <Text>{count(viewers, 'viewer')}</Text>
        </Box>
      </Box>
      {onAir.entry === 'slate' && !over ? null : (
        <Progress stats={stats} width={Math.min(width, maxBar)} color={color} />
      )}
      <Text wrap="truncate">
        {`${stats.fps.toFixed(0)} fps   ${bitrate(stats.bitrateBps)}   `}
        <Text {...(stats.bufferedMs < thinBufferMs && !over ? tint('yellow') : {})}>
          {`${(stats.bufferedMs / 1000).toFixed(1)} s buffered`}
        </Text>
        {stats.loops > 0 ? `   round ${stats.loops + 1}` : ''}
        {stats.restarts > 0 ? (
          <Text {...tint('yellow')}>{`   ${count(stats.restarts, 'restart')}`}</Text>
        ) : (
          ''
        )}
        {stats.slates > 0 ? <Text {...tint('yellow')}>{`   slate ${count(stats.slates, 'time')}`}</Text> : ''}
        {settings === null ? '' : <Text {...tint('yellow')}>{settingWords(settings)}</Text>}
      </Text>
      {item === null || onAir.entry !== 'main' ? null : (
        <Text wrap="truncate-end">{`item ${item.index + 1}: ${printable(item.words)}`}</Text>
      )}
      {[...planLines(plan), ...cureLines(plan, broadcast.source.kind)].map((line) => (
        <Text key={line} dimColor={color}>
          {line}
        </Text>
      ))}
      {trouble === null ? null : <Text {...tint('yellow')}>{printable(trouble)}</Text>}
      <Text>
        {'watch: '}
        <Text bold {...tint('cyan')}>
          {broadcast.watchUrl}
        </Text>
      </Text>
      {phase === 'live' ? <Text dimColor={color}>Ctrl-C takes it off air.</Text> : null}
    </Box>
  );
}

function liveWords(onAir: StreamScreenProps['onAir']): string {
  if (onAir.entry === 'main') return '● on air';
  if (onAir.entry === 'nothing') return '● nothing on air';
  return onAir.entry === 'slate' ? '● on its slate' : `● on air: ${entryWords(onAir)}`;
}

function settingWords({ paused, volumePercent, muted }: NonNullable<StreamScreenProps['settings']>): string {
  const words = [
    ...(paused ? ['paused'] : []),
    ...(muted ? ['muted'] : []),
    ...(volumePercent === 100 ? [] : [`volume ${volumePercent} %`]),
  ];
  return words.map((word) => `   ${word}`).join('');
}

function Progress({ stats, width, color }: { stats: BroadcastStats; width: number; color: boolean }) {
  const { positionMs, durationMs } = stats;
  if (durationMs === null) return <Text>{clock(positionMs)}</Text>;
  const times = ` ${clock(positionMs)} / ${clock(durationMs)}`;
  const length = Math.max(5, width - times.length);
  const filled = Math.round(length * Math.min(1, positionMs / Math.max(1, durationMs)));
  return (
    <Text>
      <Text {...(color ? { color: 'green' } : {})}>{'█'.repeat(filled)}</Text>
      <Text dimColor={color}>{'░'.repeat(length - filled)}</Text>
      {times}
    </Text>
  );
}
