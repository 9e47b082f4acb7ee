import { type KeyboardEvent, type ReactNode, useEffect, useId, useRef, useState } from "react";
import type { Design } from "#design/design.ts";
import { useNumberFormat, useText } from "../../locales/text.tsx";
import { factsOf } from "../../store/photo-facts.ts";
import { useDesignStore, useDesignStoreApi } from "../../store/use-design-store.tsx";
import { BeforeButton } from "../../tools/BeforeButton.tsx";
import { Button } from "../../ui/Button.tsx";
import { announce } from "../../ui/LiveRegion.tsx";
import { leaveToHeading } from "../StepHeading.tsx";
import { Callout } from "../../ui/Callout.tsx";
import { type Fix, findFix } from "./check-fixes.ts";
import { type CheckMark, isOnMark, markOf } from "./check-marks.ts";
import { fixLabelOf, moreOf, titleOf } from "./check-texts.ts";
import styles from "./Checks.module.css";
import { checksOf, type DesignCheck } from "./design-checks.ts";
import { type MendableCheck, useMendableChecks } from "./use-checks.ts";

/** The id of the element that says how the card will print. */
export const checksId = "design-checks";

/** Puts the focus on the check whose mark is on the card, and that into view. */
export function focusMarked(): void {
  document.querySelector<HTMLElement>(`#${checksId} [data-marked] button`)?.focus();
}

/** As `ref` of a control that may disappear while it has the focus, also by what is undone elsewhere: the focus stays at the checks. */
function leaveToChecks(control: HTMLElement | null): (() => void) | undefined {
  if (control === null) return undefined;
  return () => {
    if (control !== document.activeElement) return;
    // React's StrictMode takes the ref from a control that stays, too, a while after it is there: only then is it known.
    queueMicrotask(() => {
      if (!control.isConnected) document.getElementById(checksId)?.focus({ preventScroll: true });
    });
  };
}

interface ChecksProps {
  /** Shows a check's place on the card; null when it is not looked at any more. */
  readonly onMark: (mark: CheckMark | null) => void;
}

/** Each check: one bold line, one quiet line, one button. A phone shows the worst, and the others when they are asked for. */
export function Checks({ onMark }: ChecksProps): ReactNode {
  const t = useText();
  const checks = useMendableChecks();
  const store = useDesignStoreApi();
  const list = useRef<HTMLUListElement>(null);
  const [isUnfolded, setIsUnfolded] = useState(false);
  const { mended, mend } = useMended(checks);
  const focusList = (): void => list.current?.focus({ preventScroll: true });
  const applyFix = (id: DesignCheck["id"]): void => {
    const { design, product } = store.getState();
    const facts = factsOf(design, store.getState());
    // What is on the screen may be of where the photo lay a moment ago.
    const check = facts && checksOf(facts, product).find((each) => each.id === id);
    const fix = check && findFix(check, facts, product);
    if (!fix) return;
    // The button disappears once its check is fixed; the focus stays where the new result is.
    focusList();
    store.getState().edit(fix.edit);
    mend(check, fix);
  };
  const takeBack = (): void => {
    focusList();
    store.getState().undo();
  };
  const rows = checks.map((each, at) => (
    <CheckRow key={each.check.id} {...each} isFirst={at === 0} onFix={applyFix} onMark={onMark} />
  ));
  if (mended !== null) rows.splice(mended.at, 0, <MendedRow key="mended" {...mended} onUndo={takeBack} />);
  return (
    // The group has the name, not the list: the button that refers to a named list for its description would get that name, not the checks.
    <div className={styles.checks} role="group" aria-label={t("design.checks")}>
      <ul
        ref={list}
        // oxlint-disable-next-line jsx-a11y/no-redundant-roles -- without its bullets it is no list to Safari
        role="list"
        id={checksId}
        className={styles.list}
        data-unfolded={isUnfolded}
        aria-busy={checks.some(({ fix }) => fix === undefined)}
        tabIndex={-1}
      >
        {rows}
      </ul>
      {checks.length > 1 && (
        <Button
          ref={leaveToHeading}
          variant="quiet"
          wide
          className={styles.more}
          aria-expanded={isUnfolded}
          aria-controls={checksId}
          onClick={() => setIsUnfolded(!isUnfolded)}
        >
          {isUnfolded ? t("design.check.fewer") : t("design.check.others", { count: checks.length - 1 })}
        </Button>
      )}
    </div>
  );
}

interface Mended {
  readonly check: DesignCheck;
  readonly does: Fix["does"];
  /** Where it stood among the checks. */
  readonly at: number;
  /** The design that its fix has made. */
  readonly design: Design;
}

/** The check that has just been mended, for as long as the design is as its fix has made it. */
function useMended(checks: readonly MendableCheck[]) {
  const store = useDesignStoreApi();
  const design = useDesignStore((state) => state.design);
  const [mended, setMended] = useState<Mended | null>(null);
  if (mended !== null && mended.design !== design) setMended(null);
  const isStillWrong = checks.some(({ check }) => check.id === mended?.check.id && check.tone !== "ok");
  const mend = (check: DesignCheck, { does }: Fix): void => {
    const at = checks.findIndex((each) => each.check.id === check.id);
    setMended({ check, does, at, design: store.getState().design });
  };
  return { mended: mended?.design !== design || isStillWrong ? null : mended, mend };
}

interface MendedRowProps extends Pick<Mended, "check" | "does"> {
  readonly onUndo: () => void;
}

/** In place of a check that has been mended: the way back, and what it was before where that is seen without moving the photo. */
function MendedRow({ check, does, onUndo }: MendedRowProps): ReactNode {
  const t = useText();
  const buttons = (
    <div className={styles.buttons}>
      {(does === "lightens" || does === "veils") && <BeforeButton className={styles.fix} buttonRef={leaveToChecks} />}
      <Button
        ref={leaveToChecks}
        className={styles.fix}
        aria-label={t("design.check.undoLabel", { check: titleOf(check, t) })}
        onClick={onUndo}
      >
        {t("design.undo")}
      </Button>
    </div>
  );
  return (
    <li data-mended="" className={styles.mended}>
      <Callout tone="ok" title={t("design.check.mended")} action={buttons} />
    </li>
  );
}

interface CheckRowProps extends MendableCheck {
  readonly isFirst: boolean;
  readonly onFix: (id: DesignCheck["id"]) => void;
  readonly onMark: ChecksProps["onMark"];
}

function CheckRow({ check, fix, isFirst, onFix, onMark }: CheckRowProps): ReactNode {
  const t = useText();
  const number = useNumberFormat();
  const whereId = useId();
  const row = useRef<HTMLLIElement>(null);
  const mark = markOf(check);
  const { isShown, show, hide } = useShownMark(row, mark, onMark);
  const where = mark === null ? "" : t("design.check.marked", { place: t(mark.nameId) });
  const press = (button: HTMLElement): void => {
    // Some browsers do not focus what is pressed, and then nothing would say when it is left.
    button.focus({ preventScroll: true });
    show();
    // What is pressed may be further down than the card is seen.
    document.querySelector("[role=application]")?.scrollIntoView({ block: "nearest" });
    announce(where);
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.key !== "Escape" || !isShown) return;
    // It has been used, and leaves nothing else.
    event.preventDefault();
    hide();
  };
  return (
    <li
      ref={row}
      data-folds={isFirst ? undefined : ""}
      data-marked={isShown ? "" : undefined}
      onFocus={({ target }) => target.matches(":focus-visible") && show()}
      onBlur={hide}
      onKeyDown={onKeyDown}
    >
      <Callout
        tone={check.tone}
        title={titleOf(check, t)}
        press={mark === null ? undefined : { describedBy: whereId, onPress: press }}
        pressRef={leaveToChecks}
        action={
          fix ? (
            <Button
              ref={leaveToChecks}
              className={styles.fix}
              aria-label={t(fixLabelOf(check, fix))}
              onClick={() => onFix(check.id)}
            >
              {t("design.check.fix")}
            </Button>
          ) : (
            fix === undefined && <FixRoom />
          )
        }
      >
        {moreOf(check, fix, t, number)}
      </Callout>
      <span id={whereId} hidden>
        {where}
      </span>
    </li>
  );
}

/** As much as the button will take, so that the words stay as they lie when it comes. */
function FixRoom(): ReactNode {
  const t = useText();
  return (
    <span className={styles.room} aria-hidden="true">
      {t("design.check.fix")}
    </span>
  );
}

/** A check's mark on the card: until the check is left or has gone, something else is pressed, or the mark would say something else. */
function useShownMark(
  row: { readonly current: HTMLElement | null },
  mark: CheckMark | null,
  onMark: ChecksProps["onMark"],
) {
  const [isShown, setIsShown] = useState(false);
  useEffect(() => {
    if (!isShown) return;
    onMark(mark);
    const leave = ({ target }: PointerEvent): void => {
      if (!(target instanceof Node && row.current?.contains(target)) && !isOnMark(target)) setIsShown(false);
    };
    document.addEventListener("pointerdown", leave);
    return () => {
      document.removeEventListener("pointerdown", leave);
      onMark(null);
    };
  }, [isShown, mark, onMark, row]);
  return { isShown, show: () => setIsShown(true), hide: () => setIsShown(false) };
}
