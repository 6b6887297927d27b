import type { FoundSource } from './look-around.js';

/** Asks which sources are meant. */
export type Ask = (found: readonly FoundSource[]) => Promise<readonly FoundSource[] | undefined>;

/** Asks on the terminal; `undefined` if that was interrupted. The package is loaded late: no other command asks anything. */
export const askOnTerminal: Ask = async (found) => {
  const { intro, isCancel, multiselect, outro } = await import('@clack/prompts');
  intro('Tardy');
  const chosen = await multiselect({
    message: 'Which of these should Tardy read?',
    options: found.map((one, index) => ({ value: index, label: `${one.name} (${one.title})`, hint: one.why })),
    initialValues: found.flatMap(({ sure }, index) => (sure ? [index] : [])),
    required: false,
  });
  if (isCancel(chosen)) return undefined;
  outro('The others become comments.');
  return found.filter((_, index) => chosen.includes(index));
};
