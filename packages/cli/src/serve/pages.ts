import { html, type Html } from '../output/html.js';

/** What all pages have in common. */
export type PageFrame = {
  readonly title: string;
  /** How long the wall shows one tenant, in milliseconds. */
  readonly rotateMs: number;
  /** Whether there is a session to end. */
  readonly canSignOut: boolean;
  /** URLs of the files in the head. */
  readonly style: string;
  readonly scripts: readonly string[];
};

const LINKS = html`src="/api" list-href="/runs" run-href="/run?id={id}&amp;source={source}"`;

/** Totals, what needs attention, what runs, and what ended, of all runs or of one tenant. */
export function dashboardPage(frame: PageFrame, tenant: string | undefined): Html {
  const scope = tenant === undefined ? undefined : html`tenant="${tenant}"`;
  return page(
    frame,
    'dashboard',
    html`<ops-kpis ${LINKS} ${scope}></ops-kpis>
      <div class="columns">
        <div>
          <ops-attention ${LINKS} ${scope} max="10"></ops-attention>
          <ops-list density="compact" ${LINKS} ${scope}></ops-list>
        </div>
        <run-progress ${LINKS} ${scope} max="8"></run-progress>
      </div>`,
  );
}

/** The list of runs. Its filters are in the URL. */
export function runsPage(frame: PageFrame): Html {
  return page(
    frame,
    'runs',
    html`<h1>Runs</h1>
      <ops-list ${LINKS} sync-url="push"></ops-list>`,
  );
}

/** One run. */
export function runPage(frame: PageFrame, id: string, source: string | undefined): Html {
  return page(
    frame,
    'run',
    html`<p class="back"><a href="/runs" id="back">← Runs</a></p>
      <run-detail
        ${LINKS}
        run-id="${id}"
        ${source === undefined ? undefined : html`run-source="${source}"`}
      ></run-detail>`,
  );
}

/** For a big screen that nobody touches. */
export function wallPage({ title, rotateMs, style, scripts }: PageFrame): Html {
  return html`<!doctype html>
    <html lang="en" class="wall">
      ${head(title, style, scripts)}
      <body data-page="wall" data-rotate="${rotateMs}">
        <header>
          <p id="verdict" role="status"></p>
          <p class="when"><span class="brand">${title}</span> <time id="clock"></time></p>
        </header>
        <ops-kpis src="/api" announce="off"></ops-kpis>
        <main>
          <ops-attention src="/api" announce="off"></ops-attention>
          <section id="rotating"></section>
        </main>
        <footer><ul id="sources"></ul></footer>
      </body>
    </html> `;
}

/** Asks for the token. */
export function signInPage({ title, style, scripts }: PageFrame, to: string, wrong: boolean): Html {
  return html`<!doctype html>
    <html lang="en">
      ${head(title, style, scripts)}
      <body data-page="sign-in">
        <main class="sign-in">
          <h1>${title}</h1>
          <form method="post" action="/login" class="card">
            <input type="hidden" name="to" value="${to}" />
            <label for="token">Token</label>
            <input id="token" name="token" type="password" autocomplete="current-password" required autofocus />
            ${wrong ? html`<p role="alert">That is not the token.</p>` : undefined}
            <button>Sign in</button>
          </form>
        </main>
      </body>
    </html> `;
}

/** For a URL that leads nowhere. */
export function missingPage(frame: PageFrame): Html {
  return page(
    frame,
    'missing',
    html`<h1>There is no such page</h1>
      <p><a href="/">Dashboard</a></p>`,
  );
}

function page({ title, canSignOut, style, scripts }: PageFrame, name: string, content: Html): Html {
  const link = (href: string, text: string, own: string) =>
    html`<a href="${href}" ${own === name ? html`aria-current="page"` : undefined}>${text}</a>`;
  return html`<!doctype html>
    <html lang="en">
      ${head(title, style, scripts)}
      <body data-page="${name}">
        <a class="skip" href="#main">Skip to content</a>
        <header class="bar">
          <a class="brand" href="/">${title}</a>
          <nav aria-label="Pages">
            ${link('/', 'Dashboard', 'dashboard')} ${link('/runs', 'Runs', 'runs')} ${link('/wall', 'Wall', 'wall')}
          </nav>
          <label class="tenant" hidden
            >Tenant
            <select id="tenant"></select
          ></label>
          ${canSignOut ? html`<form method="post" action="/logout"><button>Sign out</button></form>` : undefined}
        </header>
        <p id="verdict" role="status"></p>
        <main id="main">${content}</main>
        <footer>
          <h2>Sources</h2>
          <ul id="sources"></ul>
        </footer>
      </body>
    </html> `;
}

function head(title: string, style: string, scripts: readonly string[]): Html {
  return html`<head>
    <meta charset="utf-8" />
    <meta name="viewport" content="width=device-width, initial-scale=1" />
    <meta name="color-scheme" content="light dark" />
    <title>${title}</title>
    <link rel="icon" type="image/svg+xml" href="/favicon.svg" />
    <link rel="stylesheet" href="${style}" />
    ${scripts.map((src) => html`<script type="module" src="${src}"></script>`)}
  </head>`;
}
