/** The exit codes that `tardy` promises. Interruptions end with 130 and 143. */
export const EXIT = {
  OK: 0,
  /** A run reached the level of `--fail-on`. */
  FOUND: 1,
  /** The caller's mistake: in the arguments, the config or the policy. Nothing was judged. */
  USAGE: 2,
  /** A source failed or was cut short, or we did. Never 1: that would say that a run is stuck. */
  CANNOT_TELL: 3,
} as const;
