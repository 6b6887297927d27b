import { UsageError } from '../errors.js';

/**
 * Loads a package that is not installed with Tardy, because only some users need it and it is large.
 *
 * @param purpose what needs it, for the message.
 * @throws {UsageError} that says how to install it, if it is not there.
 */
export async function loadOptional<Module>(
  name: string,
  purpose: string,
  load: () => Promise<Module>,
): Promise<Module> {
  try {
    return await load();
  } catch (error) {
    if (!isMissing(error, name)) throw error;
    throw new UsageError(
      `${purpose} needs the package ${name}, which is not installed.`,
      `Install it beside Tardy: npm install ${name} (with npx: npx -p @tardy/cli -p ${name} tardy …).`,
    );
  }
}

/** A package that is there and lacks one of its own is broken, not missing. */
function isMissing(error: unknown, name: string): boolean {
  if (!(error instanceof Error) || !('code' in error)) return false;
  const missing = error.code === 'ERR_MODULE_NOT_FOUND' || error.code === 'MODULE_NOT_FOUND';
  return missing && (error.message.includes(`'${name}'`) || error.message.includes(`'${name}/`));
}
