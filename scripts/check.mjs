// npm run check: every static check.
import { runChecks } from "./checks.mjs";
import { setUp } from "./set-up.mjs";
import { runMain } from "./steps.mjs";

await runMain(async () => {
  await setUp();
  const { failed } = await runChecks();
  return failed === 0 ? 0 : 1;
});
