import type { NewDeclared } from '../../contract/event/declared.ts';
import type { NewEntrySource } from '../../contract/models.ts';
import { sourceProblem } from './local-file.ts';

type Played = { readonly source: NewEntrySource };

/** What is not there of the files and folders that an event file would play, a sentence each. */
export async function missingOfEvent({ playlists, broadcasts, schedules }: NewDeclared): Promise<string[]> {
  const played: [what: string, items: readonly Played[]][] = [
    ...Object.entries(playlists ?? {}).map(([name, { items }]): [string, readonly Played[]] => [
      `playlist ${name}`,
      items,
    ]),
    ...Object.entries(broadcasts ?? {}).map(([room, { source }]): [string, readonly Played[]] => [
      `broadcast ${room}`,
      itemsOf(source),
    ]),
    ...Object.entries(schedules ?? {}).map(([name, { what }]): [string, readonly Played[]] => [
      `schedule ${name}`,
      scheduledItems(what),
    ]),
  ];
  // What is saved and then scheduled is told once.
  const told = new Map<string, string>();
  for (const [what, items] of played)
    for (const { source } of items) {
      const problem = await sourceProblem(source);
      if (problem && !told.has(problem.message)) told.set(problem.message, `${what}: ${problem.message}`);
    }
  return [...told.values()];
}

type Source = NonNullable<NewDeclared['broadcasts']>[string]['source'];

function itemsOf(source: Source): readonly Played[] {
  if (source.kind === 'playlist') return source.items;
  return source.kind === 'saved' ? [] : [{ source }];
}

function scheduledItems({
  call,
  params,
}: NonNullable<NewDeclared['schedules']>[string]['what']): readonly Played[] {
  if (call === 'startBroadcast') return itemsOf(params.source);
  const { command } = params;
  if (command.type === 'add') return command.items;
  return command.type === 'take' ? itemsOf(command.source) : [];
}
