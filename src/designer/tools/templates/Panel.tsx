import type { ReactNode } from "react";
import { ElementControls } from "../../elements/ElementControls.tsx";
import styles from "./Panel.module.css";
import { Slots } from "./Slots.tsx";
import { TemplateChoice } from "./TemplateChoice.tsx";

/** A template to design by, and what it leaves to be filled. */
export function TemplatesPanel(): ReactNode {
  return (
    <section className={styles.panel}>
      <TemplateChoice />
      <Slots />
      <ElementControls />
    </section>
  );
}
