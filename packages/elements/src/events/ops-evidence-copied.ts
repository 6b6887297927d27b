/** The evidence of a verdict was copied; `text` is the redacted JSON. */
export class OpsEvidenceCopiedEvent extends Event {
  static readonly type = 'ops-evidence-copied';
  readonly text: string;

  constructor(text: string) {
    super(OpsEvidenceCopiedEvent.type, { bubbles: true, composed: true });
    this.text = text;
  }
}
