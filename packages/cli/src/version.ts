declare const TARDY_VERSION: string | undefined;

/** The version of this build; the bundler puts in what package.json says. */
export const VERSION: string = typeof TARDY_VERSION === 'string' ? TARDY_VERSION : '0.0.0';
