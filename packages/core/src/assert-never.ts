/** Makes the compiler prove that every case of a union is handled; throws when outside data broke the types. */
export function assertNever(value: never): never {
  throw new Error(`Unhandled case: ${JSON.stringify(value)}`);
}
