import { mkdir, open } from "node:fs/promises";
import { dirname } from "node:path";

/** Makes durable what has come into the folder: its entries, not their content. */
export async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, "r");
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** A parent folder that we may not open belongs to somebody else, who has made ours in it. */
function isForeign(cause: NodeJS.ErrnoException): boolean {
  return cause.code === "EACCES" || cause.code === "EPERM";
}

/** Makes the folder (an absolute path) and what is missing above it, for this user alone, and so that a power cut takes none of them. */
export async function makeDurableFolder(folder: string): Promise<void> {
  const first = await mkdir(folder, { recursive: true, mode: 0o700 });
  const highest = dirname(first ?? folder);
  for (let above = dirname(folder); ; above = dirname(above)) {
    await syncFolder(above).catch((cause: NodeJS.ErrnoException) => {
      if (!isForeign(cause)) throw cause;
    });
    if (above === highest || above === dirname(above)) return;
  }
}
