// npm run build: set-up, then designer and loader into dist/, for a server of one's own.
import { build } from "./build.mjs";
import { setUp } from "./set-up.mjs";
import { runMain } from "./steps.mjs";

await runMain(async () => {
  await setUp();
  await build();
  return 0;
});
