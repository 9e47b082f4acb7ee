import { randomId } from "../host/random-id.ts";

/** By the failure of the request. */
const traces = new WeakMap<object, string>();

/**
 * Makes a request with the header `traceparent` of W3C Trace Context: under its number, which is random, the server's log and
 * traces have it. The 00 at its end says that nobody need keep a trace for us.
 */
export async function withTrace<Answer>(make: (traceparent: string) => Promise<Answer>): Promise<Answer> {
  const id = randomId();
  try {
    return await make(`00-${id}-${id.slice(16)}-00`);
  } catch (error) {
    if (error instanceof Error) traces.set(error, id);
    throw error;
  }
}

/** What lies behind the failure of a request, for the issuer's support, with the number under which the server knows the request. */
export function addTrace(error: unknown, cause?: string): string | undefined {
  const id = traces.get(error as Error);
  return id === undefined ? cause : `${cause === undefined ? "" : `${cause}, `}trace ${id}`;
}
