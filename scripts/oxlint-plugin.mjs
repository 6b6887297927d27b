// Rules that the linter lacks.

// `Date()` and `new Date()` without arguments read the clock.

const noAmbientClock = {
  meta: { type: 'problem', messages: { clock: 'The core has no clock: take `now` as an argument.' } },
  create(context) {
    const report = (node) => {
      const readsClock = node.type === 'CallExpression' || node.arguments.length === 0;
      if (node.callee.type === 'Identifier' && node.callee.name === 'Date' && readsClock) {
        context.report({ node, messageId: 'clock' });
      }
    };
    return { NewExpression: report, CallExpression: report };
  },
};

// The name `z` pulls every language of zod into the bundle, 370 kB; a namespace does not.
const zodByNamespace = {
  meta: {
    type: 'problem',
    messages: { namespace: "Write `import * as z from 'zod'`: it makes the bundle 370 kB smaller." },
  },
  create: (context) => ({
    ImportDeclaration(node) {
      if (node.source.value !== 'zod' || node.importKind === 'type') return;
      const named = node.specifiers.some(({ type }) => type !== 'ImportNamespaceSpecifier');
      if (named) context.report({ node, messageId: 'namespace' });
    },
  }),
};

// eslint-disable-next-line import/no-default-export -- the linter asks for one
export default {
  meta: { name: 'tardy' },
  rules: { 'no-ambient-clock': noAmbientClock, 'zod-by-namespace': zodByNamespace },
};
