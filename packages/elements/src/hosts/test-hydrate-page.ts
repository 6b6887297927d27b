import '@lit-labs/ssr-client/lit-element-hydrate-support.js';

// What the server drew, before the elements wake up.
const drawn = [...document.querySelectorAll('[data-element]')].map(({ shadowRoot }) => ({
  html: shadowRoot?.innerHTML,
  nodes: [...(shadowRoot?.querySelectorAll('*') ?? [])],
}));
const errors: string[] = [];
addEventListener('error', ({ message }) => errors.push(message));
addEventListener('unhandledrejection', ({ reason }) => errors.push(String(reason)));
Object.assign(window, { drawn, errors, ready: import('../define.js') });
