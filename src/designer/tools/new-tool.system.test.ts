import { execFile } from "node:child_process";
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { expect, test } from "vitest";
import { createServer } from "vite";

const root = path.join(import.meta.dirname, "../../..");
const languages = ["en", "de", "fr", "es", "ar"] as const;

/** A whole tool: its panel, its texts and its icon. */
const folder: Readonly<Record<string, string>> = {
  "tool.ts": `import type { Tool } from "../tool.ts";
import { ToyPanel } from "./Panel.tsx";

export const toy = {
  id: "toy",
  labelId: "design.toy.tab",
  icon: { path: "M4 4h16v16H4z" },
  Panel: ToyPanel,
} as const satisfies Tool;
`,
  "Panel.tsx": `import type { ReactNode } from "react";
import { useText } from "../../locales/text.tsx";

/** Says what it is for. */
export function ToyPanel(): ReactNode {
  const t = useText();
  return <p>{t("design.toy.help")}</p>;
}
`,
  "texts.ts": `import { toolTexts } from "../tool.ts";

export const texts = toolTexts({
${languages.map((at) => `  ${at}: { "design.toy.tab": "Toy ${at}", "design.toy.help": "Play ${at}" },`).join("\n")}
});
`,
};

/** What a cardholder sees of the tools in the copy, and of the toy's panel. */
const screen = `import { renderToStaticMarkup } from "react-dom/server";
import { findProduct } from "#card/products.ts";
import { chooseLocale, loadLocale } from "#designer/locales/locale.ts";
import { TextProvider } from "#designer/locales/text.tsx";
import { DesignLayout } from "#designer/steps/design/DesignLayout.tsx";
import { createDesignStore } from "#designer/store/design-store.ts";
import { DesignStoreProvider } from "#designer/store/use-design-store.tsx";
import { toolsOf } from "#designer/tools/tools.ts";

export async function show(language) {
  const product = findProduct("photo-wide-bleed");
  const locale = await loadLocale(chooseLocale(language));
  const { Panel } = toolsOf(product, true).find(({ id }) => id === "toy");
  return renderToStaticMarkup(
    <TextProvider locale={locale}>
      <DesignStoreProvider store={createDesignStore(product)}>
        <DesignLayout tool="toy" onTool={() => {}} panel={<Panel />} />
      </DesignStoreProvider>
    </TextProvider>,
  );
}
`;

/** All files of a tree, by their paths. */
function listFiles(tree: string): string[] {
  return readdirSync(tree, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => path.relative(tree, path.join(entry.parentPath, entry.name)))
    .toSorted();
}

/** The lines that one of two trees has more, and "-" before those that it has no more; the toy's folder by its name. */
function listChanges(before: string, after: string): string[] {
  const files = [...new Set([...listFiles(before), ...listFiles(after)])];
  const linesOf = (file: string): string[] => (existsSync(file) ? readFileSync(file, "utf8").split("\n") : []);
  return files.flatMap((file) => {
    if (file.startsWith("designer/tools/toy/")) return [];
    const [old, now] = [linesOf(path.join(before, file)), linesOf(path.join(after, file))];
    const without = (lines: readonly string[], others: readonly string[]): string[] =>
      others.length === lines.length && others.every((line, at) => line === lines[at])
        ? []
        : lines.filter((line) => !others.includes(line));
    return [...without(now, old), ...without(old, now).map((line) => `- ${line}`)].map((line) => `${file}: ${line}`);
  });
}

function copyTree(copy: string): void {
  // With what is compiled already and when each was written, tsc looks only at what the toy touches.
  for (const each of ["src", ".cache/types", "tsconfig.json", "package.json"])
    if (existsSync(path.join(root, each)))
      cpSync(path.join(root, each), path.join(copy, each), { recursive: true, preserveTimestamps: true });
  symlinkSync(path.join(root, "node_modules"), path.join(copy, "node_modules"));
}

function addToy(copy: string): void {
  const tools = path.join(copy, "src/designer/tools");
  mkdirSync(path.join(tools, "toy"));
  for (const [name, text] of Object.entries(folder)) writeFileSync(path.join(tools, "toy", name), text);
  const edit = (name: string, from: string, to: (line: string) => string): void => {
    const text = readFileSync(path.join(tools, name), "utf8");
    expect(text).toContain(from);
    writeFileSync(path.join(tools, name), text.replace(from, to));
  };
  edit(
    "tools.ts",
    'import type { Tool } from "./tool.ts";\n',
    (line) => `import { toy } from "./toy/tool.ts";\n${line}`,
  );
  edit("tools.ts", "] as const satisfies readonly Tool[];", (line) => `  toy,\n${line}`);
  edit("texts.ts", "export ", (line) => `export { texts as toy } from "./toy/texts.ts";\n${line}`);
}

function compile(copy: string): Promise<string> {
  const tsc = path.join(root, "node_modules/.bin/tsc");
  return new Promise((resolve) => {
    execFile(tsc, ["-b", "src/designer"], { cwd: copy, maxBuffer: 16 * 1024 * 1024 }, (error, out, err) =>
      resolve(error === null ? out + err : `${error.message}\n${out}${err}`),
    );
  });
}

test("a tool costs one folder and three lines: it is compiled, and the toolbar has it in every language", async () => {
  const copy = mkdtempSync(path.join(tmpdir(), "fullbleed-tool-"));
  try {
    copyTree(copy);
    addToy(copy);
    expect(listChanges(path.join(root, "src"), path.join(copy, "src"))).toEqual([
      expect.stringMatching(/^designer\/tools\/texts\.ts: export/),
      expect.stringMatching(/^designer\/tools\/tools\.ts: import/),
      "designer/tools/tools.ts:   toy,",
    ]);
    expect(await compile(copy)).toBe("");
    writeFileSync(path.join(copy, "src/designer/screen.tsx"), screen);
    const vite = await createServer({
      root: copy,
      configFile: false,
      logLevel: "error",
      appType: "custom",
      server: { middlewareMode: true, hmr: false, ws: false, watch: null },
      optimizeDeps: { noDiscovery: true },
    });
    try {
      const { show } = (await vite.ssrLoadModule("/src/designer/screen.tsx")) as {
        show: (language: string) => Promise<string>;
      };
      for (const language of languages) {
        const shown = await show(language);
        expect(shown).toMatch(/<input[^>]*value="toy"/);
        expect(shown).toContain(`<span>Toy ${language}</span>`);
        expect(shown).toContain(`<p>Play ${language}</p>`);
        expect(shown).toContain('d="M4 4h16v16H4z"');
      }
    } finally {
      await vite.close();
    }
  } finally {
    rmSync(copy, { recursive: true, force: true });
  }
});
