// Makes docs/schemas/ from the schemas that the server checks with.
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import * as z from "zod";
import { features } from "../src/contracts/session.ts";
import { templateFile } from "../src/design/templates/template-schema.ts";
import { root } from "./steps.mjs";

const folder = join(root, "docs/schemas");
mkdirSync(folder, { recursive: true });
for (const [name, schema] of Object.entries({ template: templateFile, features }))
  writeFileSync(join(folder, `${name}.json`), `${JSON.stringify(z.toJSONSchema(schema), null, 2)}\n`);
