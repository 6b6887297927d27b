// One rule that the linter lacks: `Date()` and `new Date()` without arguments read the clock.

const noAmbientClock = {
  meta: { type: 'problem', messages: { clock: 'The core is told the time: take `now` as an argument.' } },
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

// eslint-disable-next-line import/no-default-export -- the linter asks for one
export default { meta: { name: 'tardy' }, rules: { 'no-ambient-clock': noAmbientClock } };
