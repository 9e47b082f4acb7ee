import { mkdir, mkdtemp, readdir, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { build } from "vite";
import { packageName } from "../../../scripts/npm-package.mjs";
import { environment, root } from "../../../scripts/steps.mjs";
import { runProgram } from "./run-program.ts";
import { readSnippet } from "./two-sites.ts";

/** A bank's own project, in which nothing is installed but the packed package, React and what types need. */
export interface Project {
  readonly folder: string;
  /** Where the package lies in it. */
  readonly installed: string;
  /** The page of the forms below, bundled. */
  readonly script: string;
  /** What a program prints when it is run in the project. Throws with that when it fails. */
  run(program: string, ...args: readonly string[]): Promise<string>;
}

/**
 * The designer in each form that the package has, as `forms[name].show(options)`; what that gives is driven by the tests.
 * `window.origin` would be the page's own: where the designer is stands in the page's address.
 */
const formsPage = `
  import { StrictMode, createRef } from "react";
  import { flushSync } from "react-dom";
  import { createRoot } from "react-dom/client";
  import { type CardDesigner as Designer, loadCardDesigner, type Options } from "${packageName}";
  import { CardDesignerElement } from "${packageName}/element";
  import { CardDesigner, type CardDesignerActions } from "${packageName}/react";

  const origin = new URLSearchParams(location.search).get("designer") ?? "";
  type Changes = Partial<Options>;
  const place = () => document.querySelector<HTMLElement>("#mount")!;

  async function show(loading: Promise<Designer | null>, options: Options) {
    const designer = await loading;
    let handle = designer!.mount(place(), options);
    const change = (changes: Changes) => handle.update(changes);
    const again = () => { handle = designer!.mount(place(), options); };
    return { change, again, submit: () => handle.submit(), close: () => handle.close(), remove: () => void handle.destroy() };
  }

  const showLoaded = (options: Options) => show(loadCardDesigner({ origin }), options);
  const { Fullbleed } = window as { Fullbleed?: { loadCardDesigner(): Promise<Designer> } };
  const showClassic = (options: Options) => show(Fullbleed!.loadCardDesigner(), options);

  async function showReact(options: Options) {
    const root = createRoot(place());
    const ref = createRef<CardDesignerActions>();
    let keys = ["first"];
    const change = (changes: Changes) => flushSync(() => root.render(
      <StrictMode>{keys.map((key) =>
        <CardDesigner key={key} origin={origin} {...options} {...changes} theme={{ accent: "#123456" }} ref={ref}><p>instead <button onClick={() => ref.current!.retry()}>again</button></p></CardDesigner>
      )}</StrictMode>));
    const showKeys = (next: string[]) => { keys = next; change({}); };
    const again = () => showKeys(["second"]);
    change({});
    return { change, again, showKeys, submit: () => ref.current!.submit(), close: () => ref.current!.close(), retry: () => ref.current!.retry(), remove: () => root.unmount() };
  }

  async function showElement({ fetchSession, onEvent, locale, theme }: Options) {
    let element: CardDesignerElement;
    const change = (changes: Changes) => {
      if (changes.locale) element.setAttribute("locale", changes.locale);
      if (changes.fetchSession) element.fetchSession = changes.fetchSession;
    };
    const again = () => {
      element = document.createElement("card-designer");
      const retry = Object.assign(document.createElement("button"), { innerText: "again", onclick: () => element.retry() });
      const instead = document.createElement("p");
      instead.append("instead ", retry);
      element.append(instead);
      for (const type of ["ready", "submitted", "problem", "closed"])
        element.addEventListener(type, (event) => onEvent?.((event as CustomEvent).detail));
      place().replaceChildren(element);
      element.setAttribute("origin", origin);
      change({ fetchSession, ...(locale && { locale }) });
      element.theme = theme ?? {};
    };
    again();
    return { change, again, submit: () => element.submit(), close: () => element.close(), retry: () => element.retry(), remove: () => element.remove(),
      isElement: element! instanceof CardDesignerElement };
  }

  const asked: string[] = [];
  const events: { type: string }[] = [];
  const errors: string[] = [];
  addEventListener("error", (event) => errors.push(event.message));
  addEventListener("unhandledrejection", (event) => errors.push(String(event.reason)));
  const options: Options = {
    fetchSession: async (why) => {
      asked.push(why);
      return { sessionId: "sess_auto", clientSecret: "secret" };
    },
    onEvent: (event) => void events.push(event),
    locale: "en",
    theme: { accent: "#123456" },
  };
  Object.assign(window, { asked, events, errors, options, forms: { classic: showClassic, loaded: showLoaded, react: showReact, element: showElement } });
`;

const consumers = {
  "page.tsx": formsPage,
  "react-guide.tsx": readSnippet("docs/embed.md", "tsx"),
  "page-guide.ts": `declare const options: import("${packageName}").Options;\n${readSnippet("docs/embed.md", "js", "### From npm")}`,
  "server-guide.ts": readSnippet("docs/embed.md", "ts"),
};

const compilerOptions = {
  strict: true,
  noEmit: true,
  target: "ES2022",
  lib: ["ES2022", "DOM", "DOM.Iterable"],
  jsx: "react-jsx",
  types: ["node"],
};

/** Builds the package, packs it and unpacks it into a project. */
export async function createProject(): Promise<Project> {
  const folder = await mkdtemp(join(tmpdir(), "fullbleed-bank-"));
  const made = join(folder, "made");
  await build({
    root,
    configFile: join(root, "vite.config.ts"),
    mode: "npm",
    logLevel: "error",
    build: { outDir: made, emptyOutDir: true },
  });
  const options = { cwd: folder, env: environment() };
  await runProgram("npm", ["pack", made, "--offline", "--pack-destination", folder], options);
  const [packed = ""] = (await readdir(folder)).filter((name) => name.endsWith(".tgz"));
  const installed = join(folder, "node_modules", packageName);
  await mkdir(installed, { recursive: true });
  await runProgram("tar", ["-xzf", packed, "-C", installed, "--strip-components=1"], options);
  await rm(made, { recursive: true });
  await mkdir(join(folder, "node_modules/@types"));
  for (const name of ["react", "react-dom", "@types/react", "@types/react-dom", "@types/node"])
    await symlink(join(root, "node_modules", name), join(folder, "node_modules", name));
  for (const [name, text] of Object.entries(consumers)) await writeFile(join(folder, name), text);
  await writeFile(join(folder, "package.json"), '{ "type": "module" }');
  for (const [moduleResolution, module] of [
    ["bundler", "ESNext"],
    ["nodenext", "NodeNext"],
  ] as const) {
    const config = {
      compilerOptions: { ...compilerOptions, module, moduleResolution, skipLibCheck: module === "ESNext" },
      include: ["*.ts", "*.tsx"],
    };
    await writeFile(join(folder, `${moduleResolution}.json`), JSON.stringify(config));
  }
  return {
    folder,
    installed,
    script: await bundlePage(folder),
    run: (program, ...args) => runProgram(program, args, options),
  };
}

async function bundlePage(folder: string): Promise<string> {
  const built = await build({
    root: folder,
    configFile: false,
    publicDir: false,
    logLevel: "error",
    define: { "process.env.NODE_ENV": JSON.stringify("development") },
    build: {
      write: false,
      target: "es2022",
      lib: { entry: join(folder, "page.tsx"), formats: ["es"], fileName: "page" },
    },
  });
  const [result] = Array.isArray(built) ? built : [built];
  if (!result || !("output" in result)) throw new Error("nothing was built");
  return result.output[0].code;
}
