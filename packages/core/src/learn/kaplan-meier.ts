/** A time that was seen: whether it is how long something took (`ended`), or only how long it was watched. */
export type Observation = { readonly time: number; readonly ended: boolean };

/** A step of a survival curve: after `time`, this share is still active. */
export type SurvivalStep = { readonly time: number; readonly share: number };

/**
 * The survival curve of Kaplan and Meier: S(t) = Π(1 − dᵢ/nᵢ) over the times tᵢ ≤ t at which dᵢ of the nᵢ still watched ended. What was
 * watched until tᵢ counts as at risk there.
 */
export function survivalCurve(observations: readonly Observation[]): readonly SurvivalStep[] {
  const sorted = [...observations].sort((one, other) => one.time - other.time);
  const steps: SurvivalStep[] = [];
  let share = 1;
  for (let index = 0; index < sorted.length;) {
    const time = (sorted[index] as Observation).time;
    const atRisk = sorted.length - index;
    let ends = 0;
    for (; sorted[index]?.time === time; index++) if (sorted[index]?.ended === true) ends++;
    if (ends === 0) continue;
    share *= 1 - ends / atRisk;
    steps.push({ time, share });
  }
  return steps;
}

/** The first time after which at most 1 − `share` are still active; `undefined` if the curve never falls that far. */
export function survivalQuantile(curve: readonly SurvivalStep[], share: number): number | undefined {
  // What is left of 1 − share after rounding must not hide a step that reaches it exactly.
  return curve.find((step) => step.share <= 1 - share + 1e-12)?.time;
}
