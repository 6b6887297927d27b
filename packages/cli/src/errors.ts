/** The caller's mistake: in the arguments, the config or the policy. Nothing was judged; the exit code is 2. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
  /** How to fix it, on a line of its own. */
  readonly hint: string | undefined;

  constructor(message: string, hint?: string) {
    super(message);
    this.hint = hint;
  }
}
