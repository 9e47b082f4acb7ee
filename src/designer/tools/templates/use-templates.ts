import { useEffect, useMemo, useRef, useState } from "react";
import type { Edit } from "#design/edits.ts";
import type { Template } from "#design/templates/template.ts";
import { layTemplate, listWritings, typedTexts } from "#design/templates/template-edits.ts";
import { findTemplate, listTemplates, type OfferedTemplate } from "#design/templates/templates.ts";
import { sameTemplate } from "#design/templates/template.ts";
import { lacksPhoto } from "#design/templates/template-photo.ts";
import { type DesignStore, templateOf } from "../../store/design-store.ts";
import { useDesignStore, useDesignStoreApi } from "../../store/use-design-store.tsx";
import { hasArtsOf, loadArtsOf } from "../load-arts.ts";

interface Offered extends OfferedTemplate {
  /** Undefined until it is there. */
  readonly template: Template | undefined;
}

/** What the product offers, with their contents as they come. */
export function useTemplates(): readonly Offered[] {
  const store = useDesignStoreApi();
  const product = useDesignStore((state) => state.product);
  const offered = useMemo(() => listTemplates(product), [product]);
  const [, setCome] = useState(0);
  useEffect(() => {
    let isWanted = true;
    const load = async (ref: OfferedTemplate): Promise<void> => {
      await store.getState().loadTemplate(ref);
      const template = findTemplate(ref, product);
      if (template !== undefined)
        await loadArtsOf(
          store,
          template.elements.map(({ element }) => element),
        );
    };
    for (const ref of offered) {
      // One that does not come is asked for again when it is chosen.
      load(ref).then(
        () => isWanted && setCome((count) => count + 1),
        () => {},
      );
    }
    return () => {
      isWanted = false;
    };
  }, [store, product, offered]);
  return offered.map((ref) => ({ ...ref, template: findTemplate(ref, product) }));
}

/** The edit that lays a template, or takes off the one that is laid. Rejects where its content or its letters cannot be loaded. */
async function prepare(store: DesignStore, ref: OfferedTemplate | null): Promise<Edit> {
  const findArt = (name: string) => store.getState().arts.get(name);
  if (ref === null) return layTemplate(null, templateOf(store.getState()), findArt);
  await store.getState().loadTemplate(ref);
  const template = findTemplate(ref, store.getState().product);
  if (template === undefined) throw new Error(`the template ${ref.id} cannot be read here`);
  const { design } = store.getState();
  const writings = listWritings(template, typedTexts(design, templateOf(store.getState())));
  await loadArtsOf(store, writings);
  if (!hasArtsOf(store, writings)) throw new Error("its letters could not be loaded");
  return layTemplate(template, templateOf(store.getState()), findArt);
}

export type Failure = "failed" | "full" | "photo";

/** Lays what is chosen, the latest choice alone, and says what has kept it from being laid. */
export function useChoice(): { readonly failure: Failure | null; choose(ref: OfferedTemplate | null): void } {
  const store = useDesignStoreApi();
  const [failure, setFailure] = useState<Failure | null>(null);
  const latest = useRef<OfferedTemplate | null | undefined>(undefined);
  const choose = async (ref: OfferedTemplate | null): Promise<void> => {
    latest.current = ref;
    setFailure(null);
    try {
      const edit = await prepare(store, ref);
      if (latest.current !== ref) return;
      store.getState().edit(edit);
      const { design, product } = store.getState();
      if (ref === null || sameTemplate(design.template, ref)) return;
      setFailure(lacksPhoto(design, findTemplate(ref, product)?.photo) ? "photo" : "full");
    } catch {
      if (latest.current === ref) setFailure("failed");
    }
  };
  return { failure, choose: (ref) => store.getState().awaitText(choose(ref)) };
}
