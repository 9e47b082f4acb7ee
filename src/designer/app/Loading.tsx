import type { ReactNode } from "react";
import { useText } from "../locales/text.tsx";
import { classNames } from "../ui/class-names.ts";
import { Workspace } from "../ui/Workspace.tsx";
import styles from "./App.module.css";

/** The shape of what comes. */
export function Loading(): ReactNode {
  const t = useText();
  const panel = (
    <>
      <div className={classNames(styles.line, styles.title)} />
      <div className={styles.line} />
      <div className={styles.line} />
    </>
  );
  return (
    <main aria-busy="true">
      <h1 className="visually-hidden">{t("loading.title")}</h1>
      <Workspace stage={<div className={styles.shape} />} panel={panel} />
    </main>
  );
}
