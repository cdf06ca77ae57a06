import { render } from 'ink';
import type { Broadcast } from '../../contract/models.ts';
import type { Output } from '../program/output.ts';
import { StreamScreen, type StreamScreenProps } from './stream-screen.tsx';
import { endedLine, type StreamView, troubleLine } from './stream-view.ts';

/** The view on a terminal: drawn in place, and left there at the end. Signals stay with the process. */
export function terminalView(output: Output): StreamView {
  let drawn: Omit<StreamScreenProps, 'columns'> | undefined;
  let app: ReturnType<typeof render> | undefined;

  const change = (changes: Partial<StreamScreenProps>) => {
    if (drawn === undefined) return;
    drawn = { ...drawn, ...changes };
    app?.rerender(<StreamScreen {...drawn} columns={columns()} />);
  };
  const columns = () => output.stdout.columns || 80;

  return {
    started(broadcast: Broadcast) {
      const { stats, plan, viewers } = broadcast;
      const { onAir } = broadcast;
      const news = { phase: 'live', item: null, settings: null, trouble: null } as const;
      drawn = { broadcast, stats, plan, viewers, onAir, ...news, color: output.color };
      app = render(<StreamScreen {...drawn} columns={columns()} />, {
        exitOnCtrlC: false,
        interactive: true,
      });
    },
    event(event) {
      if (event.type === 'broadcast.stats') change({ stats: event.stats, viewers: event.viewers });
      if (event.type === 'pipeline.started' || event.type === 'plan.changed') change({ plan: event.plan });
      if (event.type === 'broadcast.started') change({ onAir: event.value.onAir });
      if (event.type === 'programme.switched') change({ onAir: event.to });
      if (event.type === 'programme.changed') change({ settings: event });
      if (event.type === 'playlist.item') change({ item: event });
      const trouble = troubleLine(event);
      if (trouble !== null) change({ trouble });
      if (event.type === 'source.back') change({ trouble: null });
      if (event.type === 'broadcast.ended') {
        change({ stats: event.stats, phase: { ended: endedLine(event) }, trouble: null });
      }
    },
    stopping: () => change({ phase: 'stopping' }),
    close: () => app?.unmount(),
  };
}
