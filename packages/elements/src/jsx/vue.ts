// Types of the elements for templates of Vue: `import '@tardy/elements/jsx/vue'`, or name it among the `types` of a tsconfig.
import type { HTMLAttributes } from 'vue';
import type { OpsEventMap } from '../events/event-map.js';
import type { Attributes, Elements, Settings } from './element-props.js';

type Pascal<Name extends string> = Name extends `${infer Head}-${infer Rest}`
  ? `${Capitalize<Head>}${Pascal<Rest>}`
  : Capitalize<Name>;
type Listeners = { [Name in keyof OpsEventMap as `on${Pascal<Name>}`]?: (event: OpsEventMap[Name]) => void };

type Props<E extends HTMLElement> = Settings<E> & Attributes<E> & Listeners & Omit<HTMLAttributes, keyof Settings<E>>;

type VueElements = { [Tag in keyof Elements]: new () => { $props: Props<Elements[Tag]> } };

declare module 'vue' {
  interface GlobalComponents extends VueElements {}
}
