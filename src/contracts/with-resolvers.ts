/** A promise, and the functions that settle it. */
export interface PromiseAndResolvers<Value> {
  readonly promise: Promise<Value>;
  resolve(value: Value | PromiseLike<Value>): void;
  reject(reason: unknown): void;
}

/** `Promise.withResolvers`, which the oldest browsers do not have. */
export function withResolvers<Value>(): PromiseAndResolvers<Value> {
  let resolvers: Omit<PromiseAndResolvers<Value>, "promise"> | undefined;
  const promise = new Promise<Value>((resolve, reject) => {
    resolvers = { resolve, reject };
  });
  // The function above has run by now.
  return { promise, ...(resolvers as unknown as NonNullable<typeof resolvers>) };
}
