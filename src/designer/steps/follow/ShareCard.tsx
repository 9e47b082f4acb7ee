import { type ReactNode, type RefObject, useRef, useState } from "react";
import { useSession } from "../../flow/use-session.tsx";
import type { MessageId } from "../../locales/en.ts";
import { useText } from "../../locales/text.tsx";
import { Button } from "../../ui/Button.tsx";
import { announce } from "../../ui/LiveRegion.tsx";
import { drawSharePicture } from "./draw-share-picture.ts";
import styles from "./ShareCard.module.css";

/** Gives a picture of the card away: to another app where the device can, and else as a file. It leaves the device no other way. */
export function ShareCard({ card }: { readonly card: RefObject<HTMLElement | null> }): ReactNode {
  const t = useText();
  const { product } = useSession();
  const [failed, setFailed] = useState(false);
  const isRunning = useRef(false);
  const share = async (): Promise<void> => {
    if (isRunning.current) return;
    isRunning.current = true;
    const outcome = await sharePicture(card.current, (box) => drawSharePicture(box, product)).catch(() => null);
    isRunning.current = false;
    setFailed(outcome === null);
    const said: MessageId | false = outcome === null ? "share.failed" : outcome === "saved" && "share.saved";
    if (said !== false) announce(`${t(said)}.`);
  };
  return (
    <>
      <Button variant="primary" wide icon="share" onClick={() => void share()}>
        {t("share.button")}
      </Button>
      <p className={styles.note}>{t(failed ? "share.failed" : "share.note")}</p>
    </>
  );
}

async function sharePicture(
  box: HTMLElement | null,
  draw: (box: HTMLElement) => Promise<Blob>,
): Promise<"shared" | "saved"> {
  if (box === null) throw new Error("there is no card to share");
  const file = new File([await draw(box)], "card.png", { type: "image/png" });
  // Not in every browser, and a page around may not let it.
  const { canShare, share } = navigator as Partial<Pick<Navigator, "canShare" | "share">>;
  if (share !== undefined && canShare?.call(navigator, { files: [file] }) === true) {
    try {
      await share.call(navigator, { files: [file] });
      return "shared";
    } catch (error) {
      // Who closes the device's dialog does not want a file instead.
      if (error instanceof DOMException && error.name === "AbortError") return "shared";
    }
  }
  const link = document.createElement("a");
  link.href = URL.createObjectURL(file);
  link.download = file.name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
  return "saved";
}
