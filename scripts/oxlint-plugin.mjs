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

// A loop over nothing passes whatever it asserts. So what it iterates over is a literal or a constant table, or an assertion in
// the same function holds it, or what the loop counts or collects, to something.
const assertedLoop = {
  meta: {
    type: 'problem',
    messages: { empty: 'This passes when `{{what}}` is empty: assert its length, or what it holds, before the loop.' },
  },
  create(context) {
    const textOf = (node) => context.sourceCode.getText(node);
    const check = (loop, iterated, body) => {
      const text = textOf(body);
      // A loop that declares tests is not one of assertions.
      if (!/\bexpect\(/.test(text) || /\b(?:it|test)[.(]/.test(text) || isWrittenOut(iterated)) return;
      const name = rootName(iterated);
      if (new RegExp(`\\bconst ${name}\\b[^=;]*= [[{]\\s*[^\\]}\\s.]`).test(context.sourceCode.text)) return;
      const counted = [...text.matchAll(/(\w+)(?:\+\+|\.push\()/g)].map(([, counter]) => counter);
      const around = textOf(enclosingFunction(loop)).replace(textOf(loop), '');
      const isAsserted = (one) => new RegExp(`\\bexpect\\([^;]*\\b${one}\\b`).test(around);
      if (![name ?? [], counted].flat().some(isAsserted)) {
        context.report({ node: loop, messageId: 'empty', data: { what: textOf(iterated) } });
      }
    };
    return {
      ForOfStatement: (node) => check(node, node.right, node.body),
      ForInStatement: (node) => check(node, node.right, node.body),
      CallExpression(node) {
        const { callee, arguments: given } = node;
        if (callee.type !== 'MemberExpression' || callee.property.name !== 'forEach' || given.length === 0) return;
        check(node, callee.object, given[0]);
      },
    };
  },
};

function isWrittenOut(node) {
  if (node.type === 'ArrayExpression') return node.elements.some((element) => element?.type !== 'SpreadElement');
  if (node.type === 'TSAsExpression' || node.type === 'TSSatisfiesExpression') return isWrittenOut(node.expression);
  // No text splits into nothing.
  if (node.type === 'CallExpression' && node.callee.property?.name === 'split') return true;
  return /^[A-Z][A-Z0-9_]*$/.test(rootName(node) ?? '');
}

/** The name at the left end of `rows.toSorted()`, `Object.entries(rows)`, `rows[0].cells`. */
function rootName(node) {
  switch (node?.type) {
    case 'Identifier':
      return node.name;
    case 'MemberExpression':
      return rootName(node.object);
    case 'TSNonNullExpression':
    case 'TSAsExpression':
    case 'ChainExpression':
    case 'AwaitExpression':
      return rootName(node.expression ?? node.argument);
    case 'CallExpression':
      return rootName(isOfObject(node.callee) ? node.arguments[0] : node.callee);
    default:
      return undefined;
  }
}

function isOfObject(callee) {
  return callee.type === 'MemberExpression' && ['Object', 'Array'].includes(callee.object.name);
}

function enclosingFunction(node) {
  const at = node.parent;
  return at.type === 'Program' || /Function/.test(at.type) ? at : enclosingFunction(at);
}

// eslint-disable-next-line import/no-default-export -- the linter asks for one
export default {
  meta: { name: 'tardy' },
  rules: { 'asserted-loop': assertedLoop, 'no-ambient-clock': noAmbientClock, 'zod-by-namespace': zodByNamespace },
};
