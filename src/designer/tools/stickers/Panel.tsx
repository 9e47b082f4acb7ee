import type { ReactNode } from "react";
import { createPart } from "../../app/part.ts";
import { useText } from "../../locales/text.tsx";
import { Button } from "../../ui/Button.tsx";
import { useAnnounced } from "../../ui/LiveRegion.tsx";
import { Progress } from "../../ui/Progress.tsx";

/** Nobody needs it who adds no sticker. */
export const collectionPart = createPart("The stickers", () => import("./Collection.tsx"));

/** Pictures of the collection, to be laid on the photo. */
export function StickersPanel(): ReactNode {
  const t = useText();
  const { value, failure } = collectionPart.useLoaded();
  useAnnounced(failure === undefined ? null : t("design.stickers.notLoaded"));
  if (value !== undefined) return <value.Collection />;
  if (failure === undefined) return <Progress late label={t("design.stickers.loading")} fraction={null} />;
  return (
    <>
      <p>{t("design.stickers.notLoaded")}</p>
      <Button onClick={() => void collectionPart.load().catch(() => {})}>{t("design.tryAgain")}</Button>
    </>
  );
}
