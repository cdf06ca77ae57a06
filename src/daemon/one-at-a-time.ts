/**
 * Does something that takes a while, one at a time: what is asked for meanwhile is done once more after that, however often it was
 * asked for.
 *
 * @param act does not reject
 */
export function oneAtATime(act: () => Promise<void>): () => void {
  let state: 'idle' | 'busy' | 'again' = 'idle';
  const run = async () => {
    do {
      state = 'busy';
      await act();
    } while (isAsked());
    state = 'idle';
  };
  const isAsked = () => state === 'again';
  return () => {
    if (state === 'idle') void run();
    else state = 'again';
  };
}
