import { PhotoProblem } from "../protocol.ts";

const loadTimeoutMs = 60_000;

/** The decoders come when they are needed. What hinders them says nothing of the file. Rejects with PhotoProblem "decoder-not-loaded". */
export async function loadDecoder<T>(load: () => Promise<T>): Promise<T> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const tooLong = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`it did not come within ${loadTimeoutMs / 1000} s`)), loadTimeoutMs);
  });
  try {
    return await Promise.race([load(), tooLong]);
  } catch (cause) {
    throw new PhotoProblem("decoder-not-loaded", { cause });
  } finally {
    clearTimeout(timer);
  }
}
