import { type ReactNode, useEffect, useId, useState } from "react";
import { type Alignment, type Art, alignments, type FaceName, faceNames, type Writing } from "#design/elements.ts";
import { hasRoom } from "#design/element-edits.ts";
import { textLimitsOf } from "#design/text-policy.ts";
import { maxTextUnits, type TextFlaw } from "#design/text-rules.ts";
import { useText } from "../../locales/text.tsx";
import { useDesignStore } from "../../store/use-design-store.tsx";
import { Callout } from "../../ui/Callout.tsx";
import { Button } from "../../ui/Button.tsx";
import { classNames } from "../../ui/class-names.ts";
import { Icon } from "../../ui/Icon.tsx";
import { ColourChoice } from "../ColourChoice.tsx";
import { ElementControls } from "../../elements/ElementControls.tsx";
import { useScriptNames } from "../written.ts";
import styles from "./Panel.module.css";
import writtenStyles from "../written.module.css";
import { useTyping, type Written } from "./use-typing.ts";
import { laterIcons } from "../../ui/later-icons.ts";

/** Writes on the card what is typed: a new text, or another one in place of that which is selected. */
export function TextPanel(): ReactNode {
  const t = useText();
  const { typed, flaw, written, writing, fill, isNew, type, restyle, colour, open, close } = useTyping();
  const isFull = useDesignStore(({ design }) => !hasRoom(design));
  const { lines, letters, colours } = useTextLimits();
  const [fieldId, helpId] = [useId(), useId()];
  const choice = <ColourChoice label={t("design.text.colour")} colour={fill} palette={colours} onChoose={colour} />;
  return (
    <section className={styles.panel}>
      <label className={styles.label} htmlFor={fieldId}>
        {t(isNew ? "design.text.new" : "design.text.change")}
      </label>
      <textarea
        id={fieldId}
        className={writtenStyles.field}
        dir="auto"
        rows={lines}
        maxLength={maxTextUnits}
        aria-describedby={helpId}
        aria-invalid={flaw !== null}
        value={typed}
        onChange={({ currentTarget }) => type(currentTarget.value)}
        onFocus={open}
        onBlur={close}
      />
      <p id={helpId} className={writtenStyles.help}>
        {t(lines === 1 ? "design.text.help.line" : "design.text.help", { lines, letters })}
      </p>
      {isNew && isFull && <p className={writtenStyles.help}>{t("design.element.full")}</p>}
      <Messages flaw={flaw} written={written} onRetry={() => type(typed)} />
      <Faces writing={writing} onChange={(face) => restyle({ face })} />
      {writing.text.includes("\n") && <Alignments align={writing.align} onChange={(align) => restyle({ align })} />}
      {isNew && choice}
      <ElementControls>{!isNew && choice}</ElementControls>
    </section>
  );
}

function useTextLimits() {
  const product = useDesignStore((state) => state.product);
  return textLimitsOf(product);
}

interface MessagesProps {
  readonly flaw: TextFlaw | null;
  readonly written: Written;
  readonly onRetry: () => void;
}

/** What is wrong with what was typed, and what a reviewer may say of it. */
function Messages({ flaw, written, onRetry }: MessagesProps): ReactNode {
  const t = useText();
  const { lines, letters } = useTextLimits();
  const { missing, hints, failed } = written;
  const scripts = useScriptNames();
  return (
    <div className={writtenStyles.messages} role="status">
      {flaw !== null && <Callout tone="problem" title={t(`design.text.flaw.${flaw}`, { letters, lines, scripts })} />}
      {failed && (
        <Callout
          tone="problem"
          title={t("design.text.failed")}
          action={<Button onClick={onRetry}>{t("design.text.retry")}</Button>}
        />
      )}
      {missing.length > 0 && <Callout tone="warn" title={t("design.text.missing", { letters: missing.join(" ") })} />}
      {hints.length > 0 && (
        <Callout tone="note" title={t("design.text.hint")}>
          {hints.map((hint) => t(`design.text.hint.${hint}`)).join(" ")}
        </Callout>
      )}
    </div>
  );
}

interface FacesProps {
  readonly writing: Writing;
  readonly onChange: (face: FaceName) => void;
}

function Faces({ writing, onChange }: FacesProps): ReactNode {
  const t = useText();
  const name = useId();
  return (
    <fieldset className={styles.faces}>
      <legend className={styles.label}>{t("design.text.face")}</legend>
      {faceNames.map((face) => (
        <label key={face} className={classNames(styles.face, face === writing.face && styles.chosen)}>
          <input
            type="radio"
            className="covers-label"
            name={name}
            value={face}
            checked={face === writing.face}
            onChange={() => onChange(face)}
          />
          <Sample face={face} text={writing.text} />
          <span>{t(`design.text.face.${face}`)}</span>
        </label>
      ))}
    </fieldset>
  );
}

interface AlignmentsProps {
  readonly align: Alignment;
  readonly onChange: (align: Alignment) => void;
}

function Alignments({ align, onChange }: AlignmentsProps): ReactNode {
  const t = useText();
  const name = useId();
  return (
    <fieldset className={classNames(styles.faces, styles.alignments)}>
      <legend className={styles.label}>{t("design.text.align")}</legend>
      {alignments.map((offered) => (
        <label key={offered} className={classNames(styles.face, styles.align, offered === align && styles.chosen)}>
          <input
            type="radio"
            className="covers-label"
            name={name}
            value={offered}
            checked={offered === align}
            onChange={() => onChange(offered)}
          />
          <Icon name={laterIcons[`align-${offered}`]} className={styles.lines} />
          <span>{t(`design.text.align.${offered}`)}</span>
        </label>
      ))}
    </fieldset>
  );
}

const sampleLetters = 8;
/** What is typed quickly is shown once. */
const sampleRestMs = 150;

/** The text's beginning in a face, as it is printed; nothing until it is there. */
function Sample({ face, text }: { readonly face: FaceName; readonly text: string }): ReactNode {
  const t = useText();
  const writeText = useDesignStore((state) => state.writeText);
  const [sample, setSample] = useState<Art | null>(null);
  const shown = Array.from(text.split("\n")[0]?.trim() || t("design.text.sample"))
    .slice(0, sampleLetters)
    .join("");
  useEffect(() => {
    const controller = new AbortController();
    const write = (): void => {
      writeText({ text: shown, face, align: "start" }, controller.signal).then(
        ({ art }) => setSample(art),
        // Its name stands below it.
        () => {},
      );
    };
    const timer = setTimeout(write, sampleRestMs);
    return () => {
      clearTimeout(timer);
      controller.abort();
    };
  }, [shown, face, writeText]);
  return (
    <svg className={styles.sample} viewBox={`0 0 ${sample?.width ?? 1} ${sample?.height ?? 1}`} aria-hidden="true">
      <path d={sample?.ops[0]?.path ?? ""} />
    </svg>
  );
}
