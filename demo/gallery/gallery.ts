import '@tardy/elements/define';
import '@tardy/elements/locales/de';
import { OpsElement } from '@tardy/elements';
import { groups, type Group, type Scene } from './scenes.js';

// ?theme=light|dark&lang=en|de&dir=ltr|rtl&only=<tag>&chief (leaves out minor states)
const asked = new URLSearchParams(location.search);
const choices = { theme: ['light', 'dark'], lang: ['en', 'de'], dir: ['ltr', 'rtl'] };
const page = document.documentElement;
page.lang = asked.get('lang') ?? 'en';
page.dir = asked.get('dir') ?? 'ltr';
page.dataset['theme'] = asked.get('theme') ?? '';

/** Links that change one setting and keep the others. */
function settings(): Node[] {
  return Object.entries(choices).flatMap(([name, values]) =>
    values.map((value) => {
      const link = document.createElement('a');
      const search = new URLSearchParams(asked);
      search.set(name, value);
      link.href = `?${search.toString()}`;
      link.textContent = `${name}: ${value}`;
      if (asked.get(name) === value) link.setAttribute('aria-current', 'true');
      return link;
    }),
  );
}

function groupOf({ tag, scenes }: Group): HTMLElement {
  const group = document.createElement('section');
  group.className = 'group';
  group.id = tag;
  const heading = document.createElement('h1');
  const example = document.createElement('a');
  example.href = `/${tag}`;
  example.textContent = `<${tag}>`;
  heading.append(asked.has('only') ? `<${tag}>` : example);
  group.append(
    heading,
    ...scenes.filter(({ minor }) => !asked.has('chief') || minor !== true).map((scene) => sceneOf(tag, scene)),
  );
  return group;
}

function sceneOf(tag: string, { title, size, properties, store }: Scene): HTMLElement {
  const scene = document.createElement('div');
  scene.className = 'scene';
  if (size !== undefined) scene.dataset[size] = '';
  const heading = document.createElement('h2');
  heading.textContent = title;
  const stage = document.createElement('div');
  stage.className = 'stage';
  const element = document.createElement(tag);
  if (properties?.['mode'] === 'overlay') stage.dataset['overlay'] = '';
  Object.assign(element, {
    listHref: '#list',
    runHref: '#run-{id}',
    timeZone: 'UTC',
    announce: 'off',
    ...properties,
    store,
  });
  stage.append(element);
  scene.append(heading, stage);
  return scene;
}

const only = asked.get('only');
if (only === null) document.querySelector('#settings')?.append(...settings());
else document.querySelector('#settings')?.remove();
const shown = groups().filter(({ tag }) => only === null || tag === only);
document.querySelector('#gallery')?.append(...shown.map(groupOf));

// A list learns how wide it is after its first drawing, and draws again in the next frame.
for (let frame = 0; frame < 3; frame++) await new Promise(requestAnimationFrame);
const elements = [...document.querySelectorAll('*')].filter((element) => element instanceof OpsElement);
await Promise.all(elements.map(({ updateComplete }) => updateComplete));
await document.fonts.ready;
page.dataset['ready'] = '';
