import { type ReactNode, useRef, useState } from "react";
import { shortReference } from "#contracts/short-reference.ts";
import { useText } from "../../locales/text.tsx";
import { Button } from "../../ui/Button.tsx";
import { announce } from "../../ui/LiveRegion.tsx";
import styles from "./Reference.module.css";

/** What to read out to the bank about a submission, with what copies it. */
export function Reference({ submissionId }: { readonly submissionId: string }): ReactNode {
  const t = useText();
  const code = useRef<HTMLElement>(null);
  const [done, setDone] = useState<"follow.copied" | "follow.selected" | null>(null);
  const short = shortReference(submissionId);
  const copy = async (): Promise<void> => {
    const now = (await copyText(short)) || copySelected(code.current) ? "follow.copied" : "follow.selected";
    setDone(now);
    announce(`${t(now)}.`);
  };
  return (
    <p className={styles.reference}>
      <span>{t("follow.reference")}</span>{" "}
      <code ref={code} dir="ltr">
        {short}
      </code>{" "}
      <Button
        variant="icon"
        icon={done === "follow.copied" ? "check" : "copy"}
        aria-label={t("follow.copy")}
        onClick={() => void copy()}
      />
      {done !== null && <span className={styles.done}>{t(done)}</span>}
    </p>
  );
}

async function copyText(text: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return false;
  }
}

/** Selects it and has the browser copy that: a frame of another site may do so where it is not let to the clipboard itself. */
function copySelected(element: HTMLElement | null): boolean {
  if (element === null) return false;
  getSelection()?.selectAllChildren(element);
  // Old, and in every browser. What is selected can also be copied by hand.
  return document.execCommand("copy");
}
