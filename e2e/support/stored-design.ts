import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import type { Agreement } from "#contracts/agreement.ts";
import { agreement } from "#contracts/submission.ts";
import { type Design, type Photo, photoOf } from "#design/design.ts";
import { designDocument, designOf } from "#design/document.ts";
import { keepSecrets } from "#sandbox/launcher/data-folder.ts";
import type { Demo } from "#sandbox/launcher/demo.ts";

/** A running demo and where it keeps its data. */
export interface TestDemo extends Demo {
  readonly dataFolder: string;
}

/** What the first bank's own server shows. */
export function asBank({ dataFolder }: TestDemo): { readonly authorization: string } {
  return { authorization: `Bearer ${keepSecrets(dataFolder).issuerKey}` };
}

/** A design that the server keeps, and what was agreed to. */
export interface StoredDesign {
  readonly design: Design;
  readonly agreement: Agreement;
}

/** The design that the server keeps for a submitted picture; of several submissions of it, the last one's. */
export function storedDesign(demo: TestDemo, pictureSha256: string): StoredDesign {
  const database = new DatabaseSync(join(demo.dataFolder, "server", "fullbleed.sqlite"), { readOnly: true });
  try {
    const row = database
      .prepare(
        `select document, rules_version, agreed_at from designs join submissions on design_sha256 = sha256 and designs.session_id = submissions.session_id
          where picture_sha256 = ? order by submissions.created_at desc`,
      )
      .get(pictureSha256);
    if (row === undefined) throw new Error(`no design is kept for the picture ${pictureSha256}`);
    const design = designOf(designDocument.parse(JSON.parse(String(row["document"]))));
    return { design, agreement: agreement.parse({ rulesVersion: row.rules_version, agreedAt: row.agreed_at }) };
  } finally {
    database.close();
  }
}

/** The photos on the cards that are not finished, as the server keeps them. */
export function storedDrafts(demo: TestDemo): Photo[] {
  const database = new DatabaseSync(join(demo.dataFolder, "server", "fullbleed.sqlite"), { readOnly: true });
  try {
    const rows = database.prepare("select document from drafts").all();
    return rows.flatMap(({ document }) => photoOf(designOf(designDocument.parse(JSON.parse(String(document))))) ?? []);
  } finally {
    database.close();
  }
}
