// Types of the elements for JSX in React 19: `import '@tardy/elements/jsx/react'`, or name it among the `types` of a tsconfig.
import type { DetailedHTMLProps, HTMLAttributes } from 'react';
import type { OpsEventMap } from '../events/event-map.js';
import type { Attributes, Elements, Settings } from './element-props.js';

type Listeners = { [Name in keyof OpsEventMap as `on${Name}`]?: (event: OpsEventMap[Name]) => void };

type Props<E extends HTMLElement> = Settings<E> &
  Attributes<E> &
  Listeners &
  Omit<DetailedHTMLProps<HTMLAttributes<E>, E>, keyof Settings<E>>;

type ReactElements = { [Tag in keyof Elements]: Props<Elements[Tag]> };

declare module 'react' {
  namespace JSX {
    interface IntrinsicElements extends ReactElements {}
  }
}
