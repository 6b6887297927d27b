/** The API returned rows of another tenant or workspace than requested. They are not shown. */
export class OpsScopeViolationEvent extends Event {
  static readonly type = 'ops-scope-violation';
  readonly count: number;

  constructor(count: number) {
    super(OpsScopeViolationEvent.type, { bubbles: true, composed: true });
    this.count = count;
  }
}
