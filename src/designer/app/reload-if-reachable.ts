const timeoutMs = 10_000;

/** Loads the page anew if its server answers within 10 s; otherwise the page stays and the answer is false. */
export async function reloadIfReachable(
  address: string = location.href,
  reload = (): void => location.reload(),
): Promise<boolean> {
  try {
    const signal = AbortSignal.timeout(timeoutMs);
    const { status } = await fetch(address, { method: "HEAD", cache: "no-store", signal });
    // What a gateway says while the server is away is no page to go to.
    if (status >= 500) return false;
  } catch {
    return false;
  }
  reload();
  return true;
}
