import { type CSSProperties, type ReactNode, useEffect, useRef } from "react";
import { bleedSizeMm, isPortrait, type Product } from "#card/products.ts";
import { classNames } from "./class-names.ts";
// The order matters: of two rules of the same weight, the one imported later holds.
import base from "./Workspace.module.css";
import stacked from "./WorkspaceStacked.module.css";
import sideways from "./WorkspaceSideways.module.css";

const sheets = [base, stacked, sideways];
const names = new Set(sheets.flatMap((sheet) => Object.keys(sheet)));
const styles = Object.fromEntries([...names].map((name) => [name, classNames(...sheets.map((sheet) => sheet[name]))]));

interface WorkspaceProps {
  /** The card, in a `CardBox`, and what floats around it. */
  readonly stage: ReactNode;
  /** What the panel shows: on a phone in the dock at the bottom, under the thumb. */
  readonly tabs?: ReactNode;
  /** It holds more than a screen may have: it is as high as that, and scrolls with the page. */
  readonly isStageTall?: boolean;
  /** Title, words and checks: beside the card, or the sheet under it. */
  readonly panel: ReactNode;
  /** What the panel shows: when that changes, it is seen from its beginning again. */
  readonly shows?: string;
  /** What to do next: the primary button first. Docked where the panel may be longer than the screen. */
  readonly actions?: ReactNode;
  /** The buttons lie among the words. */
  readonly loose?: boolean;
  /** Without one the card lies on its side. */
  readonly product?: Product;
  /** A colour that shines behind the card. */
  readonly glow?: string | undefined;
}

/**
 * The parts of every step, in the order in which they are read. Its style sheet puts them into one column, into the three of a phone
 * on its side, or beside each other on a desk; what is docked is so to the screen and not to the frame.
 */
export function Workspace(props: WorkspaceProps): ReactNode {
  const { stage, isStageTall = false, tabs, panel, shows, actions, loose = false, product, glow } = props;
  const box = useRef<HTMLDivElement>(null);
  const stageBox = useRef<HTMLDivElement>(null);
  const panelBox = useRef<HTMLDivElement>(null);
  const shown = useRef(shows);
  const shrinks = product !== undefined && isPortrait(product) && tabs !== undefined;
  useEffect(() => {
    if (stageBox.current === null || panelBox.current === null) return;
    const isOther = shown.current !== shows;
    shown.current = shows;
    if (isOther) showFromItsBeginning(panelBox.current, stageBox.current);
  }, [shows]);
  useEffect(() => {
    if (shrinks && box.current !== null) return followScrolled(box.current);
  }, [shrinks]);
  // What is seen stays where it is no longer.
  useEffect(() => {
    if (isStageTall) window.scrollTo(0, 0);
  }, [isStageTall]);
  const shape = product && {
    "--card-ratio": product.trimWidthMm / product.trimHeightMm,
    "--bleed-scale": bleedSizeMm(product).widthMm / product.trimWidthMm,
  };
  return (
    <div
      ref={box}
      className={classNames(styles.workspace, loose && styles.loose)}
      style={{ ...shape, ...(glow !== undefined && { "--glow": glow }) } as CSSProperties}
      data-portrait={product !== undefined && isPortrait(product)}
      data-tabs={tabs !== undefined}
    >
      <div ref={stageBox} className={classNames(styles.stage, isStageTall && styles.tall)}>
        {stage}
      </div>
      {tabs !== undefined && <div className={styles.tabs}>{tabs}</div>}
      <div className={styles.side}>
        <div ref={panelBox} className={styles.panel}>
          {panel}
        </div>
        {actions !== undefined && <div className={styles.actions}>{actions}</div>}
      </div>
    </div>
  );
}

function showFromItsBeginning(panel: HTMLElement, stage: HTMLElement): void {
  const beneath = stage.getBoundingClientRect().bottom - panel.getBoundingClientRect().top;
  // The card makes room for it.
  if (Number.parseFloat(getComputedStyle(panel).scrollMarginTop) > 0) panel.scrollIntoView();
  else if (beneath > 0) window.scrollBy(0, -beneath);
}

/** Tells the style sheet how far the page is scrolled, as `--scrolled`. Returns a function that ends it. */
function followScrolled(box: HTMLElement): () => void {
  const follow = (): void => box.style.setProperty("--scrolled", `${Math.max(0, window.scrollY)}px`);
  follow();
  addEventListener("scroll", follow, { passive: true });
  return () => {
    removeEventListener("scroll", follow);
    box.style.removeProperty("--scrolled");
  };
}

interface CardBoxProps {
  /** The card is shown with its bleed, which reaches beyond the box that it has without. */
  readonly bleed?: boolean;
  readonly className?: string | undefined;
  readonly children: ReactNode;
}

/** As large as the card may be here, and in the same place in every step. */
export function CardBox({ bleed = false, className, children }: CardBoxProps): ReactNode {
  return <div className={classNames(styles.card, bleed && styles.bleed, className)}>{children}</div>;
}
