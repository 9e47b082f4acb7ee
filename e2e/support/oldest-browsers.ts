import type { BrowserContext } from "@playwright/test";
import { api, type Identifier, javascript, partsOf, standing } from "../../scripts/browser-data.mjs";

/** Trusted Types stay: Chromium goes on demanding them, while browsers without them do not. */
const kept = /^trusted/i;

/** Names of everything that not all of the oldest browsers have, as in "AbortSignal.any_static" or "Array.toSorted". */
function listLacking(tree: Identifier, prefix = ""): string[] {
  return partsOf(tree).flatMap(([part, entry]) => {
    const name = `${prefix}${part}`;
    if (kept.test(name) || entry.__compat === undefined) return [];
    if (standing(entry.__compat) !== "there") return name;
    return prefix === "" || prefix === "Intl." ? listLacking(entry, `${name}.`) : [];
  });
}

/** Runs in the page, its frame or the worker. It may use nothing from outside itself. */
function remove(names: readonly string[]): void {
  const find = (place: unknown, part: string): unknown => (place as Record<string, unknown> | undefined)?.[part];
  const iterators = find(find(globalThis, "Iterator"), "prototype");
  const listPlaces = (owner: readonly string[]): unknown[] => {
    const holder = owner.reduce(find, globalThis);
    if (owner[0] === "Iterator") return [holder, iterators];
    return [/^(Window|WorkerGlobalScope)$/.test(owner[0] ?? "") ? globalThis : holder, find(holder, "prototype")];
  };
  // Members first, since the way to them leads over the interfaces.
  for (const name of [...names].sort((a, b) => b.split(".").length - a.split(".").length)) {
    const owner = name.split(".");
    const [last = "", isStatic] = (owner.pop() ?? "").split(/(_static)$/);
    const key = last.startsWith("@@") ? (find(Symbol, last.slice(2)) as symbol) : last;
    const places = owner.length === 0 ? [globalThis] : listPlaces(owner);
    for (const place of isStatic ? places.slice(0, 1) : places) if (place) Reflect.deleteProperty(place, key);
  }
  // As Chromium 109 does, which knows the same under another name.
  const decode = createImageBitmap;
  globalThis.createImageBitmap = (source: ImageBitmapSource, options?: ImageBitmapOptions | number) =>
    typeof options === "object" && options.imageOrientation === "from-image"
      ? Promise.reject(new TypeError("imageOrientation"))
      : decode(source);
}

/** Takes from page, frame and worker all functions that not all of the oldest browsers have. Answers their names. */
export async function becomeOldest(context: BrowserContext): Promise<readonly string[]> {
  const names = [...listLacking(javascript.builtins ?? {}), ...listLacking(api)];
  const script = `(${remove.toString()})(${JSON.stringify(names)});\n`;
  await context.addInitScript(script);
  await context.route("**/assets/worker-*.js", async (route) => {
    const response = await route.fetch();
    await route.fulfill({ response, body: script + (await response.text()) });
  });
  return names;
}
