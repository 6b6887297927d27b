// Types of the elements for JSX in Solid: `import '@tardy/elements/jsx/solid'`, or name it among the `types` of a tsconfig.
import type { JSX as SolidJsx } from 'solid-js';
import type { OpsEventMap } from '../events/event-map.js';
import type { Attributes, Elements, Settings } from './element-props.js';

type Listeners = { [Name in keyof OpsEventMap as `on:${Name}`]?: (event: OpsEventMap[Name]) => void };
type Forced<E> = { [Name in keyof Settings<E> & string as `prop:${Name}`]?: Settings<E>[Name] } & {
  [Name in keyof Attributes<E> & string as `attr:${Name}`]?: Attributes<E>[Name];
};

type Props<E extends HTMLElement> = Settings<E> &
  Attributes<E> &
  Forced<E> &
  Listeners &
  Omit<SolidJsx.HTMLAttributes<E>, keyof Settings<E>>;

type SolidElements = { [Tag in keyof Elements]: Props<Elements[Tag]> };

declare module 'solid-js' {
  namespace JSX {
    interface IntrinsicElements extends SolidElements {}
  }
}
