/** The package brings no types. */
declare module 'parse-prometheus-text-format' {
  type Metric = { readonly name: string; readonly metrics: readonly { readonly value: string }[] };
  export default function parse(text: string): readonly Metric[];
}
