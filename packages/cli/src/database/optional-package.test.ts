import { describe, expect, it } from 'vitest';
import { UsageError } from '../errors.js';
import { loadOptional } from './optional-package.js';

const failing = (code: string, message: string) => async (): Promise<never> => {
  throw Object.assign(new Error(message), { code });
};

describe('an optional package', () => {
  it('is loaded if it is there', async () => {
    expect(await loadOptional('some-driver', 'Reading', async () => 7)).toBe(7);
  });

  it.each([
    ['ERR_MODULE_NOT_FOUND', "Cannot find package 'some-driver' imported from /app/main.mjs"],
    ['MODULE_NOT_FOUND', "Cannot find module 'some-driver/promise'"],
  ])('that is missing (%s) is named, with how to install it', async (code, message) => {
    const error: unknown = await loadOptional('some-driver', 'Reading x:', failing(code, message)).catch(
      (caught: unknown) => caught,
    );
    expect(error).toBeInstanceOf(UsageError);
    expect(error).toMatchObject({
      message: 'Reading x: needs the package some-driver, which is not installed.',
      hint: expect.stringContaining('npm install some-driver') as unknown,
    });
  });

  it.each([
    ['ERR_MODULE_NOT_FOUND', "Cannot find package 'its-dependency' imported from some-driver/index.js"],
    ['ERR_DLOPEN_FAILED', "'some-driver' was compiled against a different Node.js version"],
  ])('that is broken (%s) is not called missing', async (code, message) => {
    await expect(loadOptional('some-driver', 'Reading', failing(code, message))).rejects.toThrow(message);
  });
});
