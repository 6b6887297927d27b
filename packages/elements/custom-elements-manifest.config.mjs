// What the manifest is made from, for scripts/element-manifest.mjs.
export default {
  globs: ['src/**/*.ts'],
  exclude: ['src/**/*.test.ts', 'src/**/test-*.ts'],
  litelement: true,
  quiet: true,
  // Otherwise it writes into the package.json of the folder that it is run in.
  packagejson: false,
};
