/** The viewer turns to another page of the list. A host that keeps the page itself prevents this and sets `page`. */
export class OpsPageChangeEvent extends Event {
  static readonly type = 'ops-page-change';
  /** From 1. */
  readonly page: number;

  constructor(page: number) {
    super(OpsPageChangeEvent.type, { bubbles: true, composed: true, cancelable: true });
    this.page = page;
  }
}
