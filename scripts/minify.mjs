// Minifies a bundle the way the CDN file and the measured sizes are: by terser, whose output is smaller than esbuild's.
import { minify } from 'terser';

/** The code of a module, minified. `comments` keeps licence comments. */
export async function minifyModule(code, comments = false) {
  const { code: minified = '' } = await minify(code, {
    module: true,
    ecma: 2022,
    compress: { passes: 3 },
    format: { comments: comments ? /@license|@preserve/ : false },
  });
  return minified;
}
