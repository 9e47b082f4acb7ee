import type { OwnTemplate, Product } from "#card/products.ts";
import type { TemplateRef } from "#design/design.ts";
import { sameTemplate } from "#design/templates/template.ts";
import { addTemplate } from "#design/templates/templates.ts";
import type { Transport } from "../api/request.ts";
import { withTimeout } from "../locales/locale.ts";
import { loadFile } from "./load-file.ts";

/** A later server may have a template that this page cannot read: that is none that it offers. */
async function load(transport: Transport, own: OwnTemplate): Promise<void> {
  const [content, { templateFile }] = await Promise.all([
    loadFile(transport, own.address, (answer) => answer.json() as Promise<unknown>),
    withTimeout(import("#design/templates/template-schema.ts")),
  ]);
  const { data } = templateFile.safeParse(content);
  if (data !== undefined && sameTemplate(data, own)) addTemplate(data);
}

export type LoadTemplate = (ref: TemplateRef) => Promise<void>;

/**
 * Gives what has `findTemplate` know one of the templates that the issuer has with its product by then, each loaded once, when it is needed first. It rejects where the
 * content cannot be had, after half a minute at most, and tries again the next time.
 */
export function loadOwnTemplates(readProduct: () => Pick<Product, "ownTemplates">, transport: Transport): LoadTemplate {
  const loading = new Map<OwnTemplate, Promise<void>>();
  return (ref) => {
    const own = readProduct().ownTemplates?.find((one) => sameTemplate(one, ref));
    if (own === undefined) return Promise.resolve();
    const now = loading.get(own) ?? load(transport, own);
    loading.set(own, now);
    now.catch(() => loading.delete(own));
    return now;
  };
}
