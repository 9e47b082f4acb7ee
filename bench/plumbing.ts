// The designer's calls through Debian's own nginx and Apache with ModSecurity, as the packages leave them and as docs/deployment.md has them.
import { chmod, mkdir, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Provider } from "#providers/provider.ts";
import { absentPlatform, onlyProvider, openTestApp } from "#server/testing/app.ts";
import { makePicture } from "#server/testing/picture.ts";
import { findMissing, type Kind, kinds, readExamples } from "./plumbing/proxies.ts";
import { type Step, walk } from "./plumbing/walk.ts";

const provider: Provider = {
  ...absentPlatform,
  getPreview: async () => ({ kind: "image", mediaType: "image/png", bytes: makePicture() }),
};
const server = await openTestApp({
  env: { FULLBLEED_TRUSTED_PROXIES: "127.0.0.1", FULLBLEED_ADDRESS_LIMIT: "1000" },
  parts: { providers: onlyProvider(provider) },
});
const serverUrl = await server.app.listen({ host: "127.0.0.1", port: 0 });
const folder = await mkdtemp(join(tmpdir(), "fullbleed-plumbing-"));
// Apache's workers are somebody else.
await chmod(folder, 0o755);

const makeCard = async (submissionId: string): Promise<void> => {
  const card = { state: "accepted", card_image_id: `img-${submissionId}` } as const;
  await server.parts.store.updateTable("submissions").set(card).where("id", "=", submissionId).execute();
};

function report(title: string, steps: readonly Step[], rules: readonly string[]): string {
  const good = steps.filter(({ fault }) => fault === null).length;
  console.log(`\n${title}: ${good} of ${steps.length}`);
  for (const { name, fault } of steps)
    console.log(`  ${fault === null ? "yes" : "NO "}  ${name}${fault === null ? "" : `: ${fault}`}`);
  if (rules.length > 0) console.log(`  rules that have struck: ${rules.join(", ")}`);
  return `${good}/${steps.length}`;
}

async function measure(kind: Kind, mode: "default" | "documented"): Promise<string> {
  const language = kind.name === "nginx" ? "nginx" : "apache";
  const documented = mode === "documented" ? await readExamples(language, serverUrl) : null;
  const own = join(folder, `${kind.name}-${mode}`);
  await mkdir(own, { mode: 0o755 });
  const proxy = await kind.start(own, serverUrl, documented);
  try {
    return report(`${kind.name}, ${mode}`, await walk(proxy.url, serverUrl, makeCard), await proxy.readRules());
  } finally {
    await proxy.stop();
  }
}

const results: string[] = [];
try {
  report("nothing in between", await walk(serverUrl, serverUrl, makeCard), []);
  for (const kind of kinds) {
    const missing = findMissing(kind);
    if (missing !== undefined) {
      console.log(`\n${kind.name} is skipped: ${missing} is not there. Install ${kind.packages}.`);
      continue;
    }
    for (const mode of ["default", "documented"] as const)
      results.push(`${kind.name}_${mode}=${await measure(kind, mode)}`);
  }
} finally {
  await server.close();
  await rm(folder, { recursive: true, force: true });
}
console.log(`plumbing ${results.join(" ")}`);
