/** What is asked of the daemon about who watches. */
export type ViewerAct =
  | { readonly is: 'kick'; readonly viewer: string }
  | { readonly is: 'lowerHand'; readonly viewer: string }
  /** From this room, until it is lifted; `address`: by that, whoever has it. */
  | { readonly is: 'ban'; readonly room: string; readonly viewer: string; readonly address?: true }
  /** A ban by its id. */
  | { readonly is: 'unban'; readonly ban: string; readonly words: string }
  | { readonly is: 'message'; readonly viewer: string; readonly text: string }
  | { readonly is: 'announce'; readonly room: string; readonly text: string };
