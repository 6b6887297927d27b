/** The viewer is no longer signed in, and polling has stopped. Once per page. Unless it is prevented, the data on show is cleared. */
export class OpsAuthRequiredEvent extends Event {
  static readonly type = 'ops-auth-required';

  constructor() {
    super(OpsAuthRequiredEvent.type, { bubbles: true, composed: true, cancelable: true });
  }
}
