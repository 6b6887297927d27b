/**
 * Registers a class under a tag. A tag that is taken keeps its class, and a class that already has a tag gets a second one through a
 * subclass: this never throws.
 */
export function defineElement(tag: string, element: CustomElementConstructor, registry = customElements): void {
  if (registry.get(tag) !== undefined) return;
  registry.define(
    tag,
    ((registry as Partial<CustomElementRegistry>).getName?.(element) ?? null) === null
      ? element
      : class extends element {},
  );
}
