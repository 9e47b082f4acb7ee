import type { Transport } from "../api/request.ts";

const timeoutMs = 10_000;
/** Before each further try. */
const pausesMs = [500, 1500];

async function loadOnce<Content>(
  { fetch, baseUrl }: Transport,
  address: string,
  read: (answer: Response) => Promise<Content | null>,
): Promise<Content> {
  const answer = await fetch(baseUrl + address, { signal: AbortSignal.timeout(timeoutMs), credentials: "omit" });
  const content = answer.ok ? await read(answer) : null;
  if (content === null) throw new Error(`${address} is not there as it should be: ${answer.status}`);
  return content;
}

/**
 * A file of the issuer's on the server, as `read` has it, which gives null for what it should not be. It is tried for three times, for
 * half a minute at most; then it rejects.
 */
export async function loadFile<Content>(
  transport: Transport,
  address: string,
  read: (answer: Response) => Promise<Content | null>,
): Promise<Content> {
  for (const pauseMs of pausesMs) {
    try {
      return await loadOnce(transport, address, read);
    } catch {
      await transport.wait(pauseMs);
    }
  }
  return await loadOnce(transport, address, read);
}
