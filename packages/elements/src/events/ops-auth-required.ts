/** The viewer is no longer signed in: polling has stopped. Once a page. Unless it is prevented, what is shown is cleared. */
export class OpsAuthRequiredEvent extends Event {
  static readonly type = 'ops-auth-required';

  constructor() {
    super(OpsAuthRequiredEvent.type, { bubbles: true, composed: true, cancelable: true });
  }
}
