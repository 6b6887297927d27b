import type { LitElement } from 'lit';
import type { OpsAttention } from '../ops-attention/ops-attention.js';
import type { OpsKpis } from '../ops-kpis/ops-kpis.js';
import type { OpsList } from '../ops-list/ops-list.js';
import type { RunDetail } from '../run-detail/run-detail.js';
import type { RunProgress } from '../run-progress/run-progress.js';

/** The elements by their tags. */
export type Elements = {
  'ops-attention': OpsAttention;
  'ops-kpis': OpsKpis;
  'ops-list': OpsList;
  'run-detail': RunDetail;
  'run-progress': RunProgress;
};

type Kebab<Name extends string> = Name extends `${infer Head}${infer Rest}`
  ? `${Head extends Lowercase<Head> ? Head : `-${Lowercase<Head>}`}${Kebab<Rest>}`
  : Name;

/** Names of what a host sets: neither what the platform or Lit has, nor methods, nor what can only be read. */
type Settable<E> = {
  [Name in Exclude<keyof E, keyof LitElement | 'view'>]: E[Name] extends (...parameters: never[]) => unknown
    ? never
    : Name;
}[Exclude<keyof E, keyof LitElement | 'view'>] &
  string;

/** What a host sets as properties. */
export type Settings<E> = { [Name in Settable<E>]?: E[Name] };

/** What a host sets as attributes, in their spelling. */
export type Attributes<E> = {
  [Name in Settable<E> as [Extract<E[Name], string | number>] extends [never] ? never : Kebab<Name>]?: Extract<
    E[Name],
    string | number | undefined
  >;
};
